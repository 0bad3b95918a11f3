package config

import (
	_ "embed"
	"strings"
)

//go:embed reference.md
var referenceText string

// Reference is docs/config.md: every name of the table, with type, default, meaning and example, and every fault.
func Reference() string {
	return strings.NewReplacer(
		"TOP-LEVEL\n", section(atTop),
		"GROUPS\n", section(inGroup),
		"LOAD-BALANCERS\n", section(inBalancer),
		"FAULTS\n", faultTable(),
	).Replace(referenceText)
}

func faultTable() string {
	var b strings.Builder
	b.WriteString("| code | fault | what it means |\n| --- | --- | --- |\n")
	for _, e := range Codes() {
		b.WriteString("| " + e.Code + " | " + cell(e.Title) + " | " + cell(e.Text) + " |\n")
	}
	return b.String()
}

func section(in scope) string {
	var b strings.Builder
	b.WriteString("| name | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n")
	for _, o := range optionsIn(in) {
		name := "`" + o.name + "`"
		if o.alias != "" {
			name += " (or `" + o.alias + "`)"
		}
		b.WriteString("| " + name + " | " + o.typeText() + " | " + o.defaultText(in) + " | " + cell(o.meaning) + " | " + code(o.name+" = "+o.example) + " |\n")
	}
	return b.String()
}

// typeText is the type, and the values of an option with a fixed list of them.
func (o option) typeText() string {
	var values []string
	for _, c := range o.choices {
		if c != "" {
			values = append(values, "`"+c+"`")
		}
	}
	if len(values) == 0 {
		return string(o.kind)
	}
	return string(o.kind) + ": " + strings.Join(values, ", ")
}

func (o option) defaultText(in scope) string {
	switch {
	case o.required:
		return "**required**"
	case in == inGroup && o.inherited():
		return "the top level's"
	case o.words != "":
		return cell(o.words)
	default:
		return code(o.def)
	}
}

func code(text string) string { return "`" + cell(text) + "`" }

// cell keeps text inside one cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
