# SPDX-License-Identifier: GPL-2.0-or-later
# What all plots look like.
set terminal svg size 900,600 font "sans,14" noenhanced background "#ffffff"
set grid back lc rgb "#dddddd" lt 1
set border 3 lc rgb "#666666"
set tics nomirror
set style line 1 lc rgb "#1f4e79" lw 2 pt 7 ps 0.7
set style line 2 lc rgb "#c55a11" lw 2 pt 5 ps 0.7
set style line 3 lc rgb "#548235" lw 2 pt 9 ps 0.7
set style line 4 lc rgb "#7f6000" lw 2 pt 11 ps 0.7
set style line 5 lc rgb "#7030a0" lw 2 pt 13 ps 0.7
set style line 6 lc rgb "#7f7f7f" lw 2 pt 4 ps 0.7
set style line 7 lc rgb "#00808f" lw 2 pt 6 ps 0.7
set style line 8 lc rgb "#a02050" lw 2 pt 8 ps 0.7
set key outside below maxrows 3 samplen 2
# From a file's name: "rate-busy.curve" is "busy".
label(file) = system("name=" . file . "; name=${name%.*}; echo ${name#*-}")
