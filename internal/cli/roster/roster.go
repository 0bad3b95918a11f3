// Package roster is the verb that shows the services of a cluster, and what the screen of the whole cluster says of them.
//
// In: arguments, an open cluster, and what the tool prints with. Out: one screen, or its JSON. It reads only, and judges nothing: that
// is overview's and diagnose's.
package roster

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"berth/internal/check"
	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/diagnose"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/observe/service"
	"berth/internal/overview"
	"berth/internal/render/ink"
	"berth/internal/render/services"
	"berth/internal/spell"
)

// Tool is what the verb needs of the program around it.
type Tool struct {
	With   func(context.Context, func(*cloud.Cloud, *config.Config) error) error // opens the cluster of the file
	Show   func(data func() ([]byte, error), text func(ink.Style) string) error  // prints the one or the other form of a screen
	Say    func(format string, args ...any)
	Flags  func() string                                   // what the next command must be called with: " --sim"
	Absent func(err error, name, cluster string) error     // about a cluster that is not there
	Args   func(what, example string) cobra.PositionalArgs // at most one
}

// Command is berth services.
func (t Tool) Command() *cobra.Command {
	return &cobra.Command{
		Use:   "services [NAME]",
		Short: "Show the services: health, deployments, zones, and what a lost zone would leave",
		Long: `Show the services of the cluster: how many tasks run of those that are wanted, how many are healthy where something checks
them, how the last deployment goes, how the tasks lie over the zones, and what the loss of a zone would leave. Each service that
is not well has a line with the first cause and what to ask next. With a name it shows that service on one screen: revisions,
tasks by zone and instance, the last deployments with their outcome, the last events. It reads only, and ends with 0 whether
something is wrong or not.

It takes a call for every ten services, hundred tasks, hundred instances, and one for each target group and task definition, and makes
no more than half of the calls that AWS allows: some seconds for a hundred services, two to three minutes for a thousand with a
target group each. Beyond a hundred task definitions it does not tell which lost tasks would fit elsewhere; with a name it does.`,
		Example: "  berth services --sim\n  berth services web --sim\n  berth services --sim --output json",
		Args:    t.Args("the service", "web"),
		RunE: func(c *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return t.With(c.Context(), func(at *cloud.Cloud, file *config.Config) error { return t.services(c.Context(), at, file, name) })
		},
	}
}

// services shows all services, or one.
func (t Tool) services(ctx context.Context, at *cloud.Cloud, file *config.Config, name string) error {
	scope := privilege.Cluster(file, "").Scope
	of, err := service.Whose(ctx, at, scope)
	switch {
	case err != nil:
		return err
	case of.Others:
		return problem.Elsewhere("DEP205", scope)
	}
	c, err := service.Overview(ctx, at, scope, service.Breadth{Name: name, Tell: t.forewarn})
	if err != nil {
		return t.not(err, name, scope.ClusterName())
	}
	found := diagnose.Of(c)
	v := services.View{Cluster: c.Cluster, Region: c.Region, At: c.At, Missing: c.Missing, Flags: t.Flags()}
	if name == "" {
		v.Services = overview.Of(c, zonesOf(file), found)
		return t.Show(v.JSON, v.Text)
	}
	d, _ := overview.DetailOf(c, zonesOf(file), found)
	return t.Show(func() ([]byte, error) { return v.DetailJSON(d) }, func(style ink.Style) string { return v.Detail(d, style) })
}

// many is how many services take so long that people want to know.
const many = 100

func (t Tool) forewarn(services int) {
	if services > many {
		t.Say("%d services: about %d calls for them and one for each target group, some %s at half of AWS's rate\n", services, (services+9)/10, ink.Span(cloud.Pace(services)))
	}
}

// zonesOf are the zones that the file names.
func zonesOf(c *config.Config) []string {
	var out []string
	for _, z := range c.Zones {
		out = append(out, z.Name)
	}
	return out
}

// not turns what stands in the way of an answer into what people can do about it.
func (t Tool) not(err error, name, cluster string) error {
	var u *service.Unknown
	switch {
	case errors.As(err, &u):
		p := &problem.Problem{Code: "WHY001", Text: u.Error(), Exit: problem.Misused}
		if near := spell.Nearest(name, u.Near); near != "" {
			p.Hints = append(p.Hints, "did you mean: berth services "+problem.Shell(near)+t.Flags())
		} else {
			p.Hints = append(p.Hints, "those that there are: berth services"+t.Flags())
		}
		return p
	case cloud.Code(err) == "ClusterNotFoundException":
		return t.Absent(err, name, cluster)
	}
	return err
}

// Glance is how the services of a cluster are, where there is a cluster.
func Glance(ctx context.Context, at drive.Cluster, seen drive.Survey) ([]overview.Service, error) {
	if !seen.Have.Has(model.ClusterKey()) {
		return nil, nil
	}
	c, err := service.Overview(ctx, at.Cloud, seen.Facts.Scope, service.Breadth{Glance: true})
	if err != nil {
		return nil, err
	}
	return overview.Of(c, zonesAt(at.Config, seen.Have), nil), nil
}

// zonesAt are the zones of the file and those in which instances are.
func zonesAt(c *config.Config, have model.Inventory) []string {
	zones := zonesOf(c)
	for g := range model.Every[model.Group](&have.Set) {
		for _, i := range g.Instances {
			zones = append(zones, i.Zone)
		}
	}
	return zones
}

// Judged are findings with those about services.
func Judged(found []check.Finding, all []overview.Service) []check.Finding {
	var out []check.Service
	for _, sv := range all {
		one := check.Service{Name: sv.Name, Daemon: sv.Daemon, Wanted: sv.Desired, Zones: map[string]int{}}
		for _, z := range sv.Zones {
			one.Zones[z.Zone] = z.Tasks
		}
		out = append(out, one)
	}
	return check.With(found, out)
}
