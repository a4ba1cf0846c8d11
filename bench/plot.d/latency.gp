# SPDX-License-Identifier: GPL-2.0-or-later
# From the interrupt to user space: how often it takes how long.
kernel(file) = system("echo " . label(file) . " | cut -d - -f 1")
arm(file) = system("echo " . label(file) . " | cut -d - -f 2-")
set title "From the interrupt to user space, Linux " . kernel(word(files, 1))
set xlabel "µs"
set ylabel "share of interrupts, %"
set logscale x
# Twenty bins a decade: as wide on the axis everywhere.
bin(x) = 10 ** ((floor(log10(x) * 20) + 0.5) / 20)
array count[words(files)]
do for [i=1:words(files)] { count[i] = int(system("wc -l < " . word(files, i))) }
plot for [i=1:words(files)] word(files, i) using (bin($1)):(100.0 / count[i]) \
	smooth frequency with steps ls i title arm(word(files, i))
