// Package wizard writes the first ecs.tfvars of a cluster: it asks a few questions, and composes a file in which every
// other setting stands as a comment.
//
// In: settings that are given, answers, and the table of options. Out: the text of a file that passes validate and that
// terraform fmt leaves as it is. It asks no AWS, and writes nothing before everything has been answered.
package wizard

import (
	"cmp"
	"slices"
	"strings"

	"berth/internal/config/option"
)

// Setting is a value as --var takes it: text stands without quotes, lists and maps are HCL.
type Setting struct{ Name, Raw string }

// Line is the setting as --var takes it.
func (s Setting) Line() string { return s.Name + "=" + s.Raw }

const (
	width  = 100 // of comments, in characters
	header = `The settings of an Amazon ECS cluster, for berth.

  berth validate             checks this file, offline
  berth plan --sim           shows what it makes, on the embedded AWS: no account is needed
  berth apply --sim          makes it there
  berth plan                 shows what it makes on AWS; "berth apply" does it

Terraform reads the same language: one "name = value" for each setting, no blocks.`
	rest = `Everything else. What is commented out has its default; the lines show an example each.`
)

// Compose is the text of a file with these settings. All other options of the table follow as comments.
func Compose(set []Setting) string {
	var b strings.Builder
	comment(&b, "", header)
	given := map[string]bool{}
	for _, o := range option.In(option.Top) {
		i := slices.IndexFunc(set, func(s Setting) bool { return s.Name == o.Name })
		if i < 0 {
			continue
		}
		given[o.Name] = true
		b.WriteString("\n")
		comment(&b, "", o.Meaning)
		b.WriteString(o.Name + " = " + literal(o, set[i].Raw) + "\n")
	}
	b.WriteString("\n")
	comment(&b, "", rest)
	for _, o := range option.In(option.Top) {
		if !given[o.Name] {
			b.WriteString("\n")
			example(&b, "", o)
		}
	}
	for _, place := range option.Places() {
		if place.Scope == option.Top {
			continue
		}
		b.WriteString("\n")
		comment(&b, "", "What may stand "+place.Words+":")
		for _, o := range option.In(place.Scope) {
			b.WriteString("#\n")
			example(&b, "  ", o)
		}
	}
	return b.String()
}

// example is an option as a comment: what it means, its default, and how it is written.
func example(b *strings.Builder, indent string, o option.Option) {
	text := o.Meaning
	switch otherwise := plainWords(cmp.Or(o.Words, o.Def)); {
	case o.Required:
		text += " Required."
	case otherwise != "":
		text += " Default: " + otherwise + "."
	}
	comment(b, indent, text)
	b.WriteString("# " + indent + o.Name + " = " + o.Example + "\n")
}

// plainWords is the table's text without what only Markdown and a page with more below it make sense of.
func plainWords(text string) string {
	return strings.NewReplacer("`", "", "**", "", ", see below", "").Replace(text)
}

// comment writes a text as lines of comment. Lines that are indented or short stay as they are, long ones are broken.
func comment(b *strings.Builder, indent, text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		for len([]rune(line)) > width {
			cut := strings.LastIndexByte(string([]rune(line)[:width]), ' ')
			if cut <= 0 {
				break
			}
			b.WriteString("# " + indent + line[:cut] + "\n")
			line = line[cut+1:]
		}
		b.WriteString(strings.TrimRight("# "+indent+line, " ") + "\n")
	}
}
