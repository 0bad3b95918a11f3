package option

import "strings"

// Table is the options of a scope as a Markdown table.
func Table(in Scope) string {
	var b strings.Builder
	b.WriteString("| name | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n")
	for _, o := range In(in) {
		name := "`" + o.Name + "`"
		if o.Alias != "" {
			name += " (or `" + o.Alias + "`)"
		}
		b.WriteString("| " + name + " | " + o.typeText() + " | " + o.defaultText(in) + " | " + Cell(o.Meaning) + " | " + code(o.Name+" = "+o.Example) + " |\n")
	}
	return b.String()
}

// typeText is the type, and the values of an option with a fixed list of them.
func (o Option) typeText() string {
	var values []string
	for _, c := range o.Choices {
		if c != "" {
			values = append(values, "`"+c+"`")
		}
	}
	if len(values) == 0 {
		return string(o.Kind)
	}
	return string(o.Kind) + ": " + strings.Join(values, ", ")
}

func (o Option) defaultText(in Scope) string {
	switch {
	case o.Required && o.Unless != "":
		return "**required** without `" + o.Unless + "`"
	case o.Required:
		return "**required**"
	case in == Group && o.Inherited():
		return "the top level's"
	case o.Words != "":
		return Cell(o.Words)
	default:
		return code(o.Def)
	}
}

func code(text string) string { return "`" + Cell(text) + "`" }

// Cell keeps text inside one cell of a Markdown table.
func Cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
