// Package program says what the programs in simulated images do.
//
// In goes the name of an image. Under berth.sim/ it may end in a question mark and keys, as in
// berth.sim/web:v2?boot=20s&crash=60s, which say how the image's program behaves; Keys lists them. Every other image is a
// healthy server for ever. Out come the behaviour, as a value, and the words in which an agent says why it cannot pull or
// start an image.
//
// It must never know where a program runs, or when.
package program
