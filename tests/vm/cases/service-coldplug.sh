# SPDX-License-Identifier: GPL-2.0-or-later
# the card is there when the machine boots: the service runs, and who may gets frames
# shellcheck shell=dash

host()
{
	service
	card card --channels=2 --size=320x160 --rate="$rate" --serial=0x1234
}

# frames NAME [OPTION…]: alice gets whole ones, and all of them.
frames()
{
	name=$1
	shift
	check_code "$name" 0 client alice --strict -f check-edges "$@"
}

clients_end()
{
	client_starts waiting -c all -f null
	frames "a second client" -c 1 -n 10
	systemctl stop "$service"
	wait "$pid"
	equal "when the service is stopped, its client's exit status" $? 3
	check "which knows why" grep 'the service has been stopped' /tmp/waiting.err
	equal "stopped is not failed" "$(systemctl is-active "$service")" inactive
	systemctl start "$service"
	frames "started again" -c all -n 10
}

guest()
{
	check "the rule is clean" udevadm-verify verify /usr/lib/udev/rules.d/60-uiocap.rules
	check "the service starts by itself" service_up || return
	note "up $(cut -d' ' -f1 /proc/uptime) s after the kernel"
	equal "mode and group of the node" "$(stat -L -c '%a %G' "$node")" "660 uiocap"
	equal "mode and group of the socket" "$(stat -c '%a %G' "$socket")" "660 uiocap"
	equal "size of the region" "$(get_attr dma_size)" 67108864
	equal "the same card by its serial number" \
		"$(readlink -f /dev/uiocap/by-id/1234:0cab-0000000000001234)" "$(readlink -f "$node")"
	equal "who has the card" "$(stat -c %U "/proc/$(service_pid)")" uiocap
	check_code "nobody else gets it" 1 uiocap capture -d "$node" -n 1
	frames "frames of all channels" -c all -n 20
	check "who came is told" has_said 'uiocap \(pid [0-9]+, uid [0-9]+\)'
	check "status" within 20 sh -c "systemctl show -P StatusText $service | grep frames/s"
	note "$(systemctl show -P StatusText "$service")"
	systemctl reload "$service"
	check "it reads its settings again" has_said 'settings have been read again'
	clients_end
	check "no unit has failed" nothing_failed
	service_ends
}
