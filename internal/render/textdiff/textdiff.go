// Package textdiff compares two texts line by line.
//
// In: two lists of lines. Out: the shortest list of lines kept, taken out and put in. It knows nothing of what the lines
// mean.
package textdiff

import "slices"

// Line is one line of a comparison. Sign is Kept, Out, In or Gap.
type Line struct {
	Sign byte
	Text string
}

// The signs of lines.
const (
	Kept = ' '
	Out  = '-'
	In   = '+'
	Gap  = '.' // stands for kept lines that were left out
)

// Compare finds the shortest way from one text to the other, line by line.
func Compare(from, to []string) []Line {
	head := 0
	for head < min(len(from), len(to)) && from[head] == to[head] {
		head++
	}
	tail := 0
	for tail < min(len(from), len(to))-head && from[len(from)-1-tail] == to[len(to)-1-tail] {
		tail++
	}
	out := kept(from[:head])
	out = append(out, differ(from[head:len(from)-tail], to[head:len(to)-tail])...)
	return append(out, kept(from[len(from)-tail:])...)
}

func kept(texts []string) []Line {
	out := make([]Line, len(texts))
	for i, text := range texts {
		out[i] = Line{Kept, text}
	}
	return out
}

// differ compares what stands between the common beginning and the common end.
func differ(from, to []string) []Line {
	var out []Line
	same := longest(from, to)
	for i, j := 0, 0; i < len(from) || j < len(to); {
		switch {
		case i < len(from) && j < len(to) && from[i] == to[j]:
			out = append(out, Line{Kept, from[i]})
			i, j = i+1, j+1
		case i < len(from) && (j == len(to) || same[i+1][j] >= same[i][j+1]):
			out = append(out, Line{Out, from[i]})
			i++
		default:
			out = append(out, Line{In, to[j]})
			j++
		}
	}
	return out
}

// longest counts how many lines from[i:] and to[j:] have in common, in order.
func longest(from, to []string) [][]int {
	same := make([][]int, len(from)+1)
	for i := range same {
		same[i] = make([]int, len(to)+1)
	}
	for i, f := range slices.Backward(from) {
		for j, t := range slices.Backward(to) {
			same[i][j] = max(same[i+1][j], same[i][j+1])
			if f == t {
				same[i][j] = same[i+1][j+1] + 1
			}
		}
	}
	return same
}

// Changed counts the lines that were taken out or put in.
func Changed(lines []Line) int {
	n := 0
	for _, l := range lines {
		if l.Sign != Kept {
			n++
		}
	}
	return n
}

// Hunks leaves out what is more than two lines away from a change; a Gap stands for it.
func Hunks(lines []Line) []Line {
	const context = 2
	near := make([]bool, len(lines))
	for i, l := range lines {
		for j := max(0, i-context); l.Sign != Kept && j < min(len(lines), i+context+1); j++ {
			near[j] = true
		}
	}
	var out []Line
	for i, l := range lines {
		switch {
		case near[i]:
			out = append(out, l)
		case len(out) == 0 || out[len(out)-1].Sign != Gap:
			out = append(out, Line{Gap, "…"})
		}
	}
	return out
}
