package ink

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func TestWithoutColoursNothingIsPainted(t *testing.T) {
	for tone := Plain; tone <= Note; tone++ {
		if got := (Style{}).Paint(tone, "text"); got != "text" {
			t.Errorf("tone %d: %q", tone, got)
		}
		if got := (Style{Color: true}).Paint(tone, "text"); tone != Plain && (got == "text" || Wide(got) != 4 || Clean(got) != "text") {
			t.Errorf("tone %d in colour: %q", tone, got)
		}
	}
}

func TestWrapKeepsWordsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zé日-]{1,12}`)).Draw(t, "words")
		width := rapid.IntRange(1, 30).Draw(t, "width")
		lines := Wrap(strings.Join(words, "  "), width)
		if got := strings.Fields(strings.Join(lines, " ")); strings.Join(got, " ") != strings.Join(words, " ") {
			t.Fatalf("words %q became lines %q", words, lines)
		}
		for _, line := range lines {
			if Wide(line) > width && strings.Contains(line, " ") {
				t.Fatalf("line %q is wider than %d", line, width)
			}
		}
	})
}

func TestCutShowsThatSomethingIsMissing(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"日本語", 4, "日…"}, {"", 2, ""}} {
		if got := Cut(c.text, c.width); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestPageLaysOutTablesAndItems(t *testing.T) {
	p := NewPage(Style{Width: 40})
	p.Heading("Zones")
	p.Table([]string{"ZONE", "NAT"}, [][]string{{"eu-west-1a", "203.0.113.10"}, {"b", ""}})
	p.Gap()
	p.Gap()
	p.Item("  hint: ", Faint, "a text that does not fit into one line of forty")
	p.Text(Plain, 4, "a text that does not fit into one line of forty")
	want := `Zones
  ZONE        NAT
  eu-west-1a  203.0.113.10
  b

  hint: a text that does not fit into
        one line of forty
    a text that does not fit into one
    line of forty
`
	if got := p.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestWidthHasADefaultAndAFloor(t *testing.T) {
	for width, want := range map[int]int{0: 80, -1: 80, 10: 40, 120: 120} {
		if got := (Style{Width: width}).Columns(); got != want {
			t.Errorf("width %d: %d columns, want %d", width, got, want)
		}
	}
}

func TestDurationsReadAsPeopleSayThem(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 400 * time.Millisecond: "0.4s", 3 * time.Second: "3s", 45 * time.Second: "45s", 5 * time.Minute: "5m",
		310 * time.Second: "5m10s", 2 * time.Hour: "2h", 2*time.Hour + 5*time.Second: "2h0m5s", 10*time.Minute + 400*time.Millisecond: "10m",
	} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestNamesReadAsPeopleSayThem(t *testing.T) {
	for k, want := range map[model.Key]string{
		model.VPCKey(): "vpc", model.SubnetKey(model.Private, "a"): "subnet private/a", {Kind: "role", Name: "x\x1b[2J\n"}: "role x",
	} {
		if got := Name(k); got != want {
			t.Errorf("Name(%q) = %q, want %q", k, got, want)
		}
	}
}
