package manifest

import (
	"fmt"
	"slices"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/image"
	"berth/internal/manifest/rule"
)

// Added is one default that a deployment adds to the files, and how to do without it.
type Added struct {
	File  string // taskdef.json, service.json
	Path  string // containerDefinitions[0].repositoryCredentials
	Value document.Value
	Why   string // one sentence without full stop
	Off   string // what to write to do without it; empty: nothing does
}

// Complete adds what the files leave out and the cluster wants: roles and logins, a spread over the zones, deployments that go back
// by themselves, tags. The result still has the references that the cluster had no answer for.
func Complete(f Folder, c Cluster) (Folder, []Added) {
	a := &adder{f: Resolve(f, c.Answer), c: c}
	for i := range a.f.Definition.Get("containerDefinitions").Items {
		a.container(i)
	}
	a.role()
	if !a.f.Once() {
		a.placement()
		a.deployment()
	}
	a.tags()
	return a.f, a.added
}

type adder struct {
	f     Folder
	c     Cluster
	added []Added
}

// service adds a member of the service, where there is none.
func (a *adder) service(name string, v document.Value, why, off string) {
	if !a.f.Service.Get(name).There() {
		a.f.Service = a.f.Service.With(name, v)
		a.added = append(a.added, Added{File: ServiceFile, Path: name, Value: v, Why: why, Off: off})
	}
}

// container adds the login of its image's registry, and the region of its log group.
func (a *adder) container(i int) {
	list := a.f.Definition.Get("containerDefinitions")
	v, path := list.Items[i], fmt.Sprintf("containerDefinitions[%d].", i)
	if r, ok := login(v, a.c); ok && r.Secret != "" {
		login := document.New("credentialsParameter", document.Of(r.Secret))
		v = v.With("repositoryCredentials", login)
		a.added = append(a.added, Added{
			DefinitionFile, path + "repositoryCredentials", login, "the cluster has a login for " + r.Host,
			"take " + r.Host + " out of registries in the cluster's file, or write repositoryCredentials of your own",
		})
	}
	options := v.Get("logConfiguration", "options")
	if draft.Text(v, "logConfiguration", "logDriver") == "awslogs" && !options.Get("awslogs-region").There() && a.c.Region != "" {
		region := document.Of(a.c.Region)
		v = v.With("logConfiguration", v.Get("logConfiguration").With("options", options.With("awslogs-region", region)))
		a.added = append(a.added, Added{
			DefinitionFile, path + "logConfiguration.options.awslogs-region", region, "the log group is in the cluster's region", `write an "awslogs-region" of your own`,
		})
	}
	list.Items = slices.Clone(list.Items)
	list.Items[i] = v
	a.f.Definition = a.f.Definition.With("containerDefinitions", list)
}

// Logins are the registries of the cluster whose logins containers need that name none of their own, each once.
func Logins(f Folder, c Cluster) []Registry {
	var out []Registry
	for _, v := range f.Definition.Get("containerDefinitions").Items {
		if r, ok := login(v, c); ok && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// login is the registry that a container's image comes from, when it is one of the cluster's and the container names no login.
func login(container document.Value, c Cluster) (Registry, bool) {
	ref, err := image.Parse(draft.Text(container, "image"))
	if err != nil || container.Get("repositoryCredentials").There() {
		return Registry{}, false
	}
	i := slices.IndexFunc(c.Registries, func(r Registry) bool { return image.Host(r.Host) == ref.Host })
	if i < 0 {
		return Registry{}, false
	}
	return c.Registries[i], true
}

// role adds the execution role where the agent needs one to start a container.
func (a *adder) role() {
	why := ""
	for _, c := range a.f.Definition.Get("containerDefinitions").Items {
		switch {
		case len(c.Get("secrets").Items) > 0, len(c.Get("logConfiguration", "secretOptions").Items) > 0:
			why = "the agent fetches secrets with it"
		case c.Get("repositoryCredentials").There():
			why = "the agent logs in to the registry with it"
		case draft.Text(c, "logConfiguration", "logDriver") == "awslogs":
			why = "the agent writes logs with it"
		}
	}
	if why != "" && !a.f.Definition.Get("executionRoleArn").There() && a.c.ExecutionRole != "" {
		v := document.Of(a.c.ExecutionRole)
		a.f.Definition = a.f.Definition.With("executionRoleArn", v)
		a.added = append(a.added, Added{DefinitionFile, "executionRoleArn", v, why, "write an executionRoleArn of your own"})
	}
}

// placement spreads tasks over zones, then instances. A daemon has no choice, and asks for no capacity.
func (a *adder) placement() {
	if rule.Daemon(a.f) {
		if !a.f.Service.Get("capacityProviderStrategy").There() {
			a.service("launchType", document.Of("EC2"), "a daemon follows the instances, and takes no capacity provider", "")
		}
		return
	}
	spread := func(field string) document.Value {
		return document.New("type", document.Of("spread"), "field", document.Of(field))
	}
	a.service("placementStrategy", document.Items(spread(rule.ZoneAttribute), spread("instanceId")),
		"the loss of a zone, then of an instance, shall cost as few tasks as can be", `write "placementStrategy": []`)
	if slices.ContainsFunc(a.f.Service.Get("placementStrategy").Items, func(s document.Value) bool { return draft.Text(s, "type") == "binpack" }) {
		a.service("availabilityZoneRebalancing", document.Of("DISABLED"), "packing tightly and moving to emptier zones work against each other",
			`write "availabilityZoneRebalancing": "ENABLED" where the first strategy spreads over zones`)
	}
	if rule.Immovable(a.f) == "" {
		a.service("availabilityZoneRebalancing", document.Of("ENABLED"), "tasks move to emptier zones after one was lost",
			`write "availabilityZoneRebalancing": "DISABLED"`)
	}
}

// small is up to how many tasks a service counts as small: a few failures then tell as much as a half of them.
const small = 10

// deployment adds how a deployment goes, and when it goes back.
func (a *adder) deployment() {
	least, most := 100, 200
	if rule.Daemon(a.f) {
		least, most = 0, 100
	}
	a.percent("minimumHealthyPercent", least)
	a.percent("maximumPercent", most)
	d := a.f.Service.Get("deploymentConfiguration")
	if !d.Get("deploymentCircuitBreaker").There() {
		v := document.New("enable", document.Flag(true), "rollback", document.Flag(true))
		if n, ok := draft.Number(a.f.Service, "desiredCount"); !ok || n <= small {
			v = v.With("resetOnHealthyTask", document.Flag(false))
			v = v.With("thresholdConfiguration", document.New("type", document.Of("COUNT"), "value", document.Int(3)))
		}
		a.f.Service = a.f.Service.With("deploymentConfiguration", d.With("deploymentCircuitBreaker", v))
		a.added = append(a.added, Added{
			ServiceFile, "deploymentConfiguration.deploymentCircuitBreaker", v, "a deployment whose tasks fail goes back to what ran before",
			`write "deploymentCircuitBreaker": { "enable": false, "rollback": false }`,
		})
	}
	a.service("propagateTags", document.Of("SERVICE"), "tasks carry the service's tags, and so do their costs", `write "propagateTags": "NONE"`)
}

func (a *adder) percent(name string, n int) {
	d := a.f.Service.Get("deploymentConfiguration")
	if d.Get(name).There() {
		return
	}
	why := map[string]string{
		"minimumHealthyPercent": "while a deployment runs no task is missing", "maximumPercent": "new tasks start before old ones stop",
	}[name]
	if rule.Daemon(a.f) {
		why = "an instance has room for one task of a daemon, so the old one stops first"
	}
	a.f.Service = a.f.Service.With("deploymentConfiguration", d.With(name, document.Int(n)))
	a.added = append(a.added, Added{ServiceFile, "deploymentConfiguration." + name, document.Int(n), why, `write a "` + name + `" of your own`})
}

// tags mark what the deployment makes as the service's and the cluster's.
func (a *adder) tags() {
	var own []document.Value
	for _, tag := range []struct{ key, value string }{{"berth:service", a.f.Name}, {"Environment", a.c.Environment}, {"Cluster", a.c.Name}} {
		if tag.value != "" {
			own = append(own, document.New("key", document.Of(tag.key), "value", document.Of(tag.value)))
		}
	}
	for _, of := range []struct {
		file string
		v    *document.Value
	}{{DefinitionFile, &a.f.Definition}, {ServiceFile, &a.f.Service}} {
		if of.v.There() {
			all := of.v.Get("tags")
			*of.v = of.v.With("tags", document.Items(slices.Concat(all.Items, own)...))
			a.added = append(a.added, Added{of.file, "tags", document.Items(own...), "destroy finds by them what was deployed", ""})
		}
	}
}
