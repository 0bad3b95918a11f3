// Package usual adds to a folder's documents what a service in production should have and the folder leaves out.
//
// In: documents in the shapes of RegisterTaskDefinition and CreateService, and what the cluster is called. Out: the documents,
// complete, and a list of what was added, with how each is switched off. What the folder says it never changes.
package usual

import (
	"slices"

	"berth/internal/document"
	"berth/internal/model"
)

// Cluster is what is known of the cluster.
type Cluster struct {
	model.Scope
	ExecutionRole string     // ARN
	Tags          model.Tags // for what is made for the service
}

// Added is one thing that was added.
type Added struct {
	Path  string // "deploymentConfiguration.deploymentCircuitBreaker"
	Value string // in a word or two
	Off   string // how to do without it
}

// work is two documents on their way.
type work struct {
	Cluster
	def, spec document.Value
	added     []Added
}

// Complete completes the documents of a service; of a task that runs once spec is absent, and becomes the input of RunTask.
func Complete(c Cluster, def, spec document.Value) (document.Value, document.Value, []Added) {
	w := &work{Cluster: c, def: def, spec: spec}
	w.definition()
	if spec.There() {
		w.service()
	} else {
		w.task()
	}
	return w.def, w.spec, w.added
}

func (w *work) note(path, value, off string) { w.added = append(w.added, Added{path, value, off}) }

// definition adds what containers need to begin and to be heard of.
func (w *work) definition() {
	containers := w.def.Get("containerDefinitions")
	items := slices.Clone(containers.Items)
	needs := ""
	for i, c := range items {
		items[i] = w.logs(c)
		switch {
		case len(c.Get("secrets").Items) > 0 || len(c.Get("logConfiguration", "secretOptions").Items) > 0:
			needs = "it reads secrets"
		case c.Get("repositoryCredentials").There():
			needs = "it pulls from a private registry"
		case c.Get("logConfiguration", "logDriver").Text == "awslogs" && needs == "":
			needs = "it writes logs"
		}
	}
	containers.Items = items
	w.def = w.def.With("containerDefinitions", containers)
	if needs != "" && !w.def.Get("executionRoleArn").There() {
		w.def = w.def.With("executionRoleArn", document.Of(w.ExecutionRole))
		w.note("executionRoleArn", "the cluster's, since "+needs, "name another role")
	}
	w.def = w.def.With("tags", w.tagged(w.def.Get("tags")))
}

// logs adds to a container where its logs go.
func (w *work) logs(c document.Value) document.Value {
	log := c.Get("logConfiguration")
	options := log.Get("options")
	if log.Get("logDriver").Text != "awslogs" || options.Get("awslogs-region").There() {
		return c
	}
	w.note("containerDefinitions."+c.Get("name").Text+".logConfiguration.options.awslogs-region", w.Region, "name another region")
	return c.With("logConfiguration", log.With("options", options.With("awslogs-region", document.Of(w.Region))))
}

// tagged are the tags with those of the cluster; what the folder says wins.
func (w *work) tagged(tags document.Value) document.Value {
	tags.Kind, tags.Items = document.List, slices.Clone(tags.Items)
	for _, t := range w.Tags {
		has := func(v document.Value) bool { return v.Get("key").Text == t.Key }
		if !slices.ContainsFunc(tags.Items, has) {
			tags.Items = append(tags.Items, document.New("key", document.Of(t.Key), "value", document.Of(t.Value)))
		}
	}
	return tags
}

// set adds a member that is not there.
func (w *work) set(name string, value document.Value, said, off string) {
	if !w.spec.Get(name).There() {
		w.spec = w.spec.With(name, value)
		w.note(name, said, off)
	}
}

func (w *work) service() {
	daemon := w.spec.Get("schedulingStrategy").Text == "DAEMON"
	if !daemon {
		w.set("placementStrategy", document.Items(spread("attribute:ecs.availability-zone"), spread("instanceId")),
			"spread over zones, then instances", `"placementStrategy": []`)
	}
	w.deployment(daemon)
	if rebalances(w.spec, daemon) {
		w.set("availabilityZoneRebalancing", document.Of("ENABLED"), "tasks move back when zones have become uneven", `"availabilityZoneRebalancing": "DISABLED"`)
	}
	w.set("propagateTags", document.Of("SERVICE"), "tasks get the service's tags", `"propagateTags": "NONE"`)
	w.spec = w.spec.With("tags", w.tagged(w.spec.Get("tags")))
}

func spread(field string) document.Value {
	return document.New("type", document.Of("spread"), "field", document.Of(field))
}

// deployment makes deployments lose no task, and failing ones go back.
func (w *work) deployment(daemon bool) {
	d := w.spec.Get("deploymentConfiguration")
	least, most := 100, 200
	if daemon {
		least, most = 0, 100 // one on each instance cannot be there twice
	}
	if !d.Get("minimumHealthyPercent").There() {
		d = d.With("minimumHealthyPercent", document.Int(least))
	}
	if !d.Get("maximumPercent").There() {
		d = d.With("maximumPercent", document.Int(most))
	}
	if !d.Get("deploymentCircuitBreaker").There() {
		d = d.With("deploymentCircuitBreaker", breaker(w.spec, daemon))
		w.note("deploymentConfiguration.deploymentCircuitBreaker", "a deployment whose tasks keep failing is rolled back",
			`"deploymentCircuitBreaker": {"enable": false, "rollback": false}`)
	}
	w.spec = w.spec.With("deploymentConfiguration", d)
}

// small is up to how many tasks AWS's own threshold is the least there is.
const small = 6

// breaker ends a failing deployment. Of few tasks three failures are enough, also when one was healthy in between; of many AWS's
// half of the tasks.
func breaker(spec document.Value, daemon bool) document.Value {
	b := document.New("enable", document.Flag(true), "rollback", document.Flag(true))
	if n, _ := spec.Get("desiredCount").Number(); daemon || n > small {
		return b
	}
	return b.With("thresholdConfiguration", document.New("type", document.Of("COUNT"), "value", document.Int(3))).
		With("resetOnHealthyTask", document.Flag(false))
}

// rebalances tells whether ECS can keep the service's tasks even over the zones (ECS developer guide, "Balancing an Amazon ECS
// service across Availability Zones").
func rebalances(spec document.Value, daemon bool) bool {
	most, given := spec.Get("deploymentConfiguration", "maximumPercent").Number()
	strategy := spec.Get("placementStrategy").Items
	evens := len(strategy) == 0 || strategy[0].Get("type").Text == "spread" && strategy[0].Get("field").Text == "attribute:ecs.availability-zone"
	classic := slices.ContainsFunc(spec.Get("loadBalancers").Items, func(b document.Value) bool { return b.Get("loadBalancerName").There() })
	return !daemon && !classic && evens && (!given || most > 100)
}

// task makes the input of RunTask, whose tasks are placed as services' are.
func (w *work) task() {
	w.spec = document.New(
		"count", document.Int(1), "propagateTags", document.Of("TASK_DEFINITION"),
		"placementStrategy", document.Items(spread("attribute:ecs.availability-zone"), spread("instanceId")),
		"tags", w.tagged(document.Value{}),
	)
}
