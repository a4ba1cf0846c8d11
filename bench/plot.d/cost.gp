# SPDX-License-Identifier: GPL-2.0-or-later
# Instructions a chunk, by what a larger card has more of: "cost-channels.tsv" by channels.
n = words(files)
set multiplot layout 1,n title "Instructions a chunk"
set logscale x 2
set yrange [0:*]
set offsets graph 0.05, graph 0.05, 0, 0
unset key
short(x) = x < 1024 ? sprintf("%g", x) : sprintf("%gKi", x / 1024)
do for [i=1:n] {
	set xlabel label(word(files, i))
	plot word(files, i) using 1:2:xtic(short($1)) with linespoints ls 1
}
unset multiplot
