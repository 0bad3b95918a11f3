package ink

import "strings"

// Page is a text under way, line by line.
type Page struct {
	Style
	b strings.Builder
}

// NewPage is an empty page.
func NewPage(s Style) *Page { return &Page{Style: s} }

// String is what stands on the page; every line is ended.
func (p *Page) String() string { return p.b.String() }

// Line writes one line; spaces at its end are dropped.
func (p *Page) Line(parts ...string) {
	p.b.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

// Gap writes an empty line, unless the page begins here or has one already.
func (p *Page) Gap() {
	if text := p.b.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
		p.b.WriteString("\n")
	}
}

// Heading opens a part of the page.
func (p *Page) Heading(text string) {
	p.Gap()
	p.Line(p.Paint(Strong, text))
}

// Text writes a text in one tone, broken at spaces to fit the width, every line indented.
func (p *Page) Text(t Tone, indent int, text string) {
	for _, line := range Wrap(text, p.Columns()-indent) {
		p.Line(strings.Repeat(" ", indent), p.Paint(t, line))
	}
}

// Item writes a lead and a text behind it, whose further lines stand under its first.
func (p *Page) Item(lead string, t Tone, text string) {
	indent := Wide(lead)
	for i, line := range Wrap(text, max(p.Columns()-indent, 20)) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		p.Line(lead, p.Paint(t, line))
	}
}

// Table writes rows in columns that are as wide as their widest cell. The head is faint; every row is indented by two.
// Cells hold one line each and may be painted.
func (p *Page) Table(head []string, rows [][]string) {
	widths := columns(head, rows)
	p.row(head, widths, Faint)
	for _, row := range rows {
		p.row(row, widths, Plain)
	}
}

// TableWidth is how wide Table will be.
func TableWidth(head []string, rows [][]string) int {
	total := 0
	for _, w := range columns(head, rows) {
		total += 2 + w
	}
	return total
}

func columns(head []string, rows [][]string) []int {
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], Wide(cell))
		}
	}
	return widths
}

func (p *Page) row(cells []string, widths []int, t Tone) {
	var line []string
	for i, cell := range cells {
		line = append(line, "  ", Pad(p.Paint(t, cell), widths[i]))
	}
	p.Line(line...)
}

// Wrap breaks a text without colours at spaces into lines of at most that width. A longer word stays whole, so that
// names and addresses can be copied.
func Wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case Wide(line)+1+Wide(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}
