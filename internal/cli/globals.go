package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
)

// globals are the flags that every verb has.
type globals struct {
	files       []string
	vars        []string
	sim         folder
	endpoint    string
	region      string
	profile     string
	output      string
	noColor     bool
	yes         bool
	allowOutage bool
	clockSpeed  float64
	pace        pace
	verbose     bool
}

func (a *app) addGlobals(root *cobra.Command) {
	f := root.PersistentFlags()
	g := &a.flags
	f.StringArrayVarP(&g.files, "var-file", "f", nil, "read settings from `FILE` (default ecs.tfvars; may be repeated)")
	f.StringArrayVar(&g.vars, "var", nil, "set one `NAME=VALUE`; wins over files (may be repeated)")
	f.Var(&g.sim, "sim", "use the embedded AWS, whose state is in `DIR`")
	f.Lookup("sim").NoOptDefVal = besideFile
	f.StringVar(&g.endpoint, "endpoint-url", "", "use the AWS-compatible endpoint at `URL`")
	f.StringVar(&g.region, "region", "", "work in `REGION` instead of the file's aws_region")
	f.StringVar(&g.profile, "profile", "", "use the credentials `PROFILE` instead of the file's aws_profile")
	f.StringVar(&g.output, "output", "text", "write `text` or json")
	f.BoolVar(&g.noColor, "no-color", false, "write without colours")
	f.BoolVar(&g.yes, "yes", false, "answer every question with yes, up to impact brief")
	f.BoolVar(&g.allowOutage, "allow-outage", false, "let --yes answer questions about outages too")
	f.Float64Var(&g.clockSpeed, "clock-speed", 0, "run the clock `N` times as fast, as the endpoint does (default 1)")
	g.pace = pace(4 * time.Second)
	f.Var(&g.pace, "pace", "let a run on the embedded AWS take about `TIME` on a terminal; 0 for none")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say more: every setting, every call to AWS")
	complete(root, "output", "text", "json")
}

// complete offers a flag's values to the shell.
func complete(c *cobra.Command, flag string, values ...string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag's name is misspelt in this program
	}
}

// check refuses what the flags' types alone let through, and fills in what the environment says.
func (g *globals) check(clockSpeed string) error {
	switch {
	case g.output != "text" && g.output != "json":
		return problem.Usage(fmt.Sprintf("--output is text or json, not %q", g.output), "berth --help")
	case g.sim != "" && g.endpoint != "":
		return problem.Usage("--sim and --endpoint-url exclude each other: the one is in this process, the other is not", "berth --help")
	case g.clockSpeed < 0:
		return problem.Usage("--clock-speed is greater than 0", "berth --help")
	case g.clockSpeed > 0:
		return nil
	}
	g.clockSpeed = 1
	if clockSpeed == "" {
		return nil
	}
	n, err := strconv.ParseFloat(clockSpeed, 64)
	if err != nil || n <= 0 {
		return problem.Usage(fmt.Sprintf("BERTH_CLOCK_SPEED is a number greater than 0, not %q", clockSpeed), "unset BERTH_CLOCK_SPEED")
	}
	g.clockSpeed = n
	return nil
}

// folder is where the embedded AWS keeps its state; empty without --sim.
type folder string

// besideFile is the value of a bare --sim: a folder beside the first variable file.
const besideFile = ".berth/sim beside the file"

// String is the flag's text.
func (f *folder) String() string { return string(*f) }

// Set takes a folder's name.
func (f *folder) Set(text string) error {
	if text == "" {
		return fmt.Errorf("a folder has a name")
	}
	*f = folder(text)
	return nil
}

// Type is what help calls the value.
func (f *folder) Type() string { return "folder" }

// pace is a duration that may be given in bare seconds.
type pace time.Duration

// String is the duration.
func (p *pace) String() string { return time.Duration(*p).String() }

// Set takes "4s" as well as "4".
func (p *pace) Set(text string) error {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("a time is written 4s or 1m; 0 is none")
	}
	*p = pace(d)
	return nil
}

// Type is what help calls the value.
func (p *pace) Type() string { return "duration" }

// getenv reads the environment that the process was given; of two entries the later counts.
func (a *app) getenv(name string) string {
	for _, e := range slices.Backward(a.Environ) {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// json tells whether the data is wanted as JSON.
func (a *app) json() bool { return a.flags.output == "json" }

// place is where the run stands, for hints.
func (a *app) place() problem.Place {
	return problem.Place{
		Flags: a.suffix(), Command: problem.Shell(append([]string{"berth"}, a.Args...)...), Region: a.region, Endpoint: a.flags.endpoint,
	}
}

// suffix are the flags that say which cluster and which AWS, for commands to be copied.
func (a *app) suffix() string {
	g, out := a.flags, ""
	add := func(name, value string) {
		if value != "" {
			out += " " + name + " " + problem.Shell(value)
		}
	}
	for _, f := range g.files {
		add("-f", f)
	}
	for _, v := range g.vars {
		add("--var", v)
	}
	add("--region", g.region)
	add("--profile", g.profile)
	add("--endpoint-url", g.endpoint)
	if g.clockSpeed > 0 && g.clockSpeed != 1 {
		add("--clock-speed", strconv.FormatFloat(g.clockSpeed, 'g', -1, 64))
	}
	switch g.sim {
	case "":
	case besideFile:
		out += " --sim"
	default:
		out += " --sim=" + problem.Shell(string(g.sim))
	}
	return out
}

// terraformArgs accepts Terraform's single dashes, for fingers and scripts that know them.
func terraformArgs(root *cobra.Command, args []string) []string {
	var out []string
	for i, arg := range args {
		if arg == "--" {
			return append(out, args[i:]...)
		}
		name, value, has := strings.Cut(arg, "=")
		bare := strings.TrimPrefix(name, "-")
		switch {
		case name == "-input":
			continue // berth asks only where somebody can answer
		case name == "-auto-approve":
			arg = "--yes"
			if has {
				arg += "=" + value
			}
		case name == "-"+bare && len(bare) > 1 && knows(root, bare):
			arg = "-" + arg
		}
		out = append(out, arg)
	}
	return out
}

// knows tells whether a command or one below it has a flag.
func knows(c *cobra.Command, flag string) bool {
	return flag == "help" || flag == "version" || c.Flags().Lookup(flag) != nil || c.PersistentFlags().Lookup(flag) != nil ||
		slices.ContainsFunc(c.Commands(), func(sub *cobra.Command) bool { return knows(sub, flag) })
}
