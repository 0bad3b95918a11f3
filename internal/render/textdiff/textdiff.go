// Package textdiff compares two texts line by line.
//
// In: two lists of lines. Out: the shortest list of lines kept, taken out and put in. It knows nothing of what the lines
// mean.
package textdiff

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
	var out, tail []Line
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		out = append(out, Line{Kept, from[0]})
		from, to = from[1:], to[1:]
	}
	for len(from) > 0 && len(to) > 0 && from[len(from)-1] == to[len(to)-1] {
		tail = append([]Line{{Kept, to[len(to)-1]}}, tail...)
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
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
	return append(out, tail...)
}

// longest counts how many lines from[i:] and to[j:] have in common, in order.
func longest(from, to []string) [][]int {
	same := make([][]int, len(from)+1)
	for i := range same {
		same[i] = make([]int, len(to)+1)
	}
	for i := len(from) - 1; i >= 0; i-- {
		for j := len(to) - 1; j >= 0; j-- {
			same[i][j] = max(same[i+1][j], same[i][j+1])
			if from[i] == to[j] {
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
