# SPDX-License-Identifier: GPL-2.0-or-later
# What a gigabyte costs, and how soon its frames are there, by the rate of the card.
set logscale xy
set xlabel "MB/s"
set multiplot layout 2,1 title "Rate against cost and latency, eight channels of 640 × 480"
set ylabel "CPU seconds per GB"
unset key
plot for [i=1:words(files)] word(files, i) using 1:2 with linespoints ls i title label(word(files, i))
set key outside below
set ylabel "latency, median, µs"
plot for [i=1:words(files)] word(files, i) using 1:3 with linespoints ls i title label(word(files, i))
unset multiplot
