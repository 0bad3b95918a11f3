package cli

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

func (a *app) servicesCommand() *cobra.Command {
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
		Args:    optional("the service", "web"),
		RunE: func(c *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return a.with(c.Context(), func(s *session) error { return a.services(c.Context(), s, name) })
		},
	}
}

// services shows all services, or one.
func (a *app) services(ctx context.Context, s *session, name string) error {
	scope := privilege.Cluster(s.Config, "").Scope
	c, err := service.Overview(ctx, s.Cloud, scope, service.Breadth{Name: name, Tell: a.forewarn})
	if err != nil {
		return a.servicesNot(err, name, scope.ClusterName())
	}
	found := diagnose.Of(c)
	v := services.View{Cluster: c.Cluster, Region: c.Region, At: c.At, Missing: c.Missing, Flags: a.suffix()}
	if name == "" {
		v.Services = overview.Of(c, zonesOf(s.Config), found)
		return a.show(v.JSON, v.Text)
	}
	d, _ := overview.DetailOf(c, zonesOf(s.Config), found)
	return a.show(func() ([]byte, error) { return v.DetailJSON(d) }, func(style ink.Style) string { return v.Detail(d, style) })
}

// show prints the one or the other form of a screen.
func (a *app) show(data func() ([]byte, error), text func(ink.Style) string) error {
	if a.json() {
		return a.printJSON(data())
	}
	return a.print(text(a.style(true)))
}

// many is how many services take so long that people want to know.
const many = 100

func (a *app) forewarn(services int) {
	if services > many {
		a.say("%d services: about %d calls for them and one for each target group, some %s at half of AWS's rate\n", services, (services+9)/10, ink.Span(cloud.Pace(services)))
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

// servicesNot turns what stands in the way of an answer into what people can do about it.
func (a *app) servicesNot(err error, name, cluster string) error {
	var u *service.Unknown
	switch {
	case errors.As(err, &u):
		p := &problem.Problem{Code: "WHY001", Text: u.Error(), Exit: problem.Misused}
		if near := spell.Nearest(name, u.Near); near != "" {
			p.Hints = append(p.Hints, "did you mean: berth services "+problem.Shell(near)+a.suffix())
		} else {
			p.Hints = append(p.Hints, "those that there are: berth services"+a.suffix())
		}
		return p
	case cloud.Code(err) == "ClusterNotFoundException":
		return a.whyNot(err, name, cluster)
	}
	return err
}

// glance is how the services of a cluster are, where there is a cluster.
func (s *session) glance(ctx context.Context, seen drive.Survey) ([]overview.Service, error) {
	if !seen.Have.Has(model.ClusterKey()) {
		return nil, nil
	}
	c, err := service.Overview(ctx, s.Cloud, seen.Facts.Scope, service.Breadth{Glance: true})
	if err != nil {
		return nil, err
	}
	return overview.Of(c, zonesAt(s.Config, seen.Have), nil), nil
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

// judged are findings with those about services.
func judged(found []check.Finding, all []overview.Service) []check.Finding {
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
