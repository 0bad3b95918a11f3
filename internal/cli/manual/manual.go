// Package manual turns a tree of commands into the pages of docs/verbs, and what can be said to the embedded AWS into
// docs/simulator.md.
//
// In: the root command, as its help would show it. Out: Markdown, one page for every verb and one that lists them. It
// writes no file and runs no command.
package manual

import (
	"strings"

	"github.com/spf13/cobra"
)

// Page is one page of the manual: its file in docs/verbs, and its Markdown.
type Page struct{ File, Text string }

// Pages are the pages of docs/verbs: one for every verb that is not hidden, and README.md.
func Pages(root *cobra.Command) []Page {
	pages := []Page{{"README.md", contents(root)}}
	each(root, func(c *cobra.Command) { pages = append(pages, Page{fileOf(c), page(c)}) })
	return pages
}

// each walks the verbs below a command, the hidden ones left out.
func each(c *cobra.Command, f func(*cobra.Command)) {
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			f(sub)
			each(sub, f)
		}
	}
}

// fileOf is the name of a verb's page: "sim-serve.md".
func fileOf(c *cobra.Command) string {
	_, verb, _ := strings.Cut(c.CommandPath(), " ")
	return strings.ReplaceAll(verb, " ", "-") + ".md"
}

const generated = "<!-- Generated from the command line's own help: go generate ./internal/cli -->\n\n"

func contents(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# The verbs of berth\n\n" + generated + root.Long + "\n\n")
	for _, g := range root.Groups() {
		b.WriteString("## " + strings.TrimSuffix(g.Title, ":") + "\n\n| verb | does |\n| --- | --- |\n")
		each(root, func(c *cobra.Command) {
			top := c
			for top.Parent() != root {
				top = top.Parent()
			}
			if top.GroupID == g.ID {
				b.WriteString("| [" + c.CommandPath() + "](" + fileOf(c) + ") | " + c.Short + " |\n")
			}
		})
		b.WriteString("\n")
	}
	b.WriteString("## Flags of every verb\n\n" + block(root.PersistentFlags().FlagUsages()) + exitCodes)
	return b.String()
}

// exitCodes stands on the first page of the manual.
const exitCodes = `
Terraform's single dashes are understood too: ` + "`-var-file=FILE`, `-var`, `-out`, `-detailed-exitcode`, `-input=false`" + `; and
` + "`-auto-approve`" + ` is ` + "`--yes`" + `.

## Exit codes

| code | meaning |
| --- | --- |
| 0 | done |
| 1 | failed |
| 2 | something would change; only with --detailed-exitcode |
| 3 | the command line or the file cannot be used |
| 4 | credentials or a permission are missing |
| 5 | refused: it would interrupt service, or the cluster is protected |
| 130 | interrupted |

Data goes to stdout, everything else to stderr. Every error has a code in brackets; berth explain says more about it.
`

func page(c *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# " + c.CommandPath() + "\n\n" + generated)
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	b.WriteString("Usage: `" + c.UseLine() + "`\n\n" + text + "\n")
	if c.Example != "" {
		b.WriteString("\n## For example\n\n" + block(c.Example))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\n| verb | does |\n| --- | --- |\n")
		each(c, func(sub *cobra.Command) {
			b.WriteString("| [" + sub.CommandPath() + "](" + fileOf(sub) + ") | " + sub.Short + " |\n")
		})
	}
	if flags := c.LocalNonPersistentFlags().FlagUsages(); flags != "" {
		b.WriteString("\n## Flags\n\n" + block(flags))
	}
	b.WriteString("\nFlags of every verb: [README](README.md).\n")
	return b.String()
}

// block is a text as a block of code.
func block(text string) string { return "```\n" + strings.TrimRight(text, "\n") + "\n```\n" }
