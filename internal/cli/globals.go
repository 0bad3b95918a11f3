package cli

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// globals are the flags that every verb has.
type globals struct {
	files       []string
	vars        []string
	sim         string
	endpoint    string
	region      string
	profile     string
	output      string
	noColor     bool
	yes         bool
	allowOutage bool
	clockSpeed  float64
	pace        time.Duration
	verbose     bool
}

// besideFile is the value of a bare --sim: the folder beside the first variable file.
const besideFile = "\x00"

func (a *app) addGlobals(root *cobra.Command) {
	f := root.PersistentFlags()
	g := &a.flags
	f.StringArrayVarP(&g.files, "var-file", "f", nil, "read settings from `FILE` (default ecs.tfvars; may be repeated)")
	f.StringArrayVar(&g.vars, "var", nil, "set one `NAME=VALUE`; wins over files (may be repeated)")
	f.StringVar(&g.sim, "sim", "", "use the embedded AWS, whose state is in `DIR` (default .berth/sim beside the file)")
	f.Lookup("sim").NoOptDefVal = besideFile
	f.StringVar(&g.endpoint, "endpoint-url", "", "use the AWS-compatible endpoint at `URL`")
	f.StringVar(&g.region, "region", "", "work in `REGION` instead of the file's aws_region")
	f.StringVar(&g.profile, "profile", "", "use the credentials `PROFILE` instead of the file's aws_profile")
	f.StringVar(&g.output, "output", "text", "write `text` or json")
	f.BoolVar(&g.noColor, "no-color", false, "write without colours")
	f.BoolVar(&g.yes, "yes", false, "answer every question with yes, up to impact brief")
	f.BoolVar(&g.allowOutage, "allow-outage", false, "let --yes answer questions about outages too")
	f.Float64Var(&g.clockSpeed, "clock-speed", a.clockSpeed(), "run the clock `N` times as fast, as the endpoint does")
	f.DurationVar(&g.pace, "pace", 4*time.Second, "let a run on the embedded AWS take about `TIME` on a terminal; 0 for none")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say more")
}

// clockSpeed is the default of --clock-speed.
func (a *app) clockSpeed() float64 {
	n, err := strconv.ParseFloat(a.getenv("BERTH_CLOCK_SPEED"), 64)
	if err != nil || n <= 0 {
		return 1
	}
	return n
}

// getenv reads the environment that the process was given.
func (a *app) getenv(name string) string {
	for _, e := range a.Environ {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// json tells whether the data is wanted as JSON.
func (a *app) json() bool { return a.flags.output == "json" }

// terraformArgs accepts Terraform's single dashes, for fingers and scripts that know them.
func terraformArgs(args []string) []string {
	var out []string
	for _, arg := range args {
		name, value, has := strings.Cut(arg, "=")
		switch name {
		case "-input":
			continue // berth asks only where somebody can answer
		case "-auto-approve":
			arg = "--yes"
		case "-var-file", "-var", "-out", "-detailed-exitcode", "-no-color":
			arg = "-" + name
			if has {
				arg += "=" + value
			}
		}
		out = append(out, arg)
	}
	return out
}
