package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/flag"
	"berth/internal/cli/problem"
)

// globals are the flags that every verb has.
type globals struct {
	files       []string
	vars        []string
	sim         flag.Folder
	endpoint    string
	region      string
	profile     string
	output      string
	noColor     bool
	yes         bool
	allowOutage bool
	clockSpeed  float64
	pace        flag.Pace
	verbose     bool
}

func (a *app) addGlobals(root *cobra.Command) {
	f := root.PersistentFlags()
	g := &a.flags
	f.StringArrayVarP(&g.files, "var-file", "f", nil, "read settings from `FILE` (default ecs.tfvars; may be repeated)")
	f.StringArrayVar(&g.vars, "var", nil, "set one `NAME=VALUE`; wins over files (may be repeated)")
	f.Var(&g.sim, "sim", "use the embedded AWS, whose state is in `DIR`")
	f.Lookup("sim").NoOptDefVal = flag.BesideFile
	f.StringVar(&g.endpoint, "endpoint-url", "", "use the AWS-compatible endpoint at `URL`")
	f.StringVar(&g.region, "region", "", "work in `REGION` instead of the file's aws_region")
	f.StringVar(&g.profile, "profile", "", "use the credentials `PROFILE` instead of the file's aws_profile")
	f.StringVar(&g.output, "output", "text", "write `text` or json")
	f.BoolVar(&g.noColor, "no-color", false, "write without colours")
	f.BoolVar(&g.yes, "yes", false, "answer every question with yes, up to impact brief")
	f.BoolVar(&g.allowOutage, "allow-outage", false, "let --yes answer questions about outages too")
	f.Float64Var(&g.clockSpeed, "clock-speed", 0, "run the clock `N` times as fast, as the endpoint does (default 1)")
	g.pace = flag.Pace(4 * time.Second)
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
		Flags: a.suffix(), Command: problem.Shell(append([]string{"berth"}, a.Args...)...), Region: a.cluster.Region, Endpoint: a.flags.endpoint,
		Verb: a.verb, Cluster: a.cluster,
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
	case flag.BesideFile:
		out += " --sim"
	default:
		out += " --sim=" + problem.Shell(string(g.sim))
	}
	return out
}
