package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// unplaced finds what kept a task off all instances, in AWS's words for a task that was given up (ECS developer guide, "Amazon ECS
// API failure reasons").
func (s *scene) unplaced(found *causes, subject string, t *live.Task, _ *live.Container, why string) bool {
	code := reason.Place(why)
	if code == "" || t.Instance != "" && !strings.Contains(why, "RESOURCE:") {
		return false
	}
	if c := found.add(code, subject, "").ends(t, why); len(c.tasks) == 1 {
		s.room(c)
	}
	return true
}

// patience is how long a task may wait for an instance before that is worth a word, and fresh how old an event of a service may be
// to say something of now.
const (
	patience = 30 * time.Second
	fresh    = 30 * time.Minute
)

// waits looks at services and tasks that find no instance.
func waits(s *scene, found *causes) {
	for _, sv := range s.ordered {
		e, ok := s.unableEvent(sv)
		if !ok {
			continue
		}
		code := reason.Place(e.Text)
		if code == "" {
			code = reason.LackRoom
		}
		c := found.add(code, sv.Name, "")
		running := sv.Newest()
		c.quote, c.count = e.Text, max(c.count, sv.Desired-running)
		c.note("%s runs %d of %d tasks of %s; ECS said so last at %s", sv.Name, running, sv.Desired, revision(sv.Definition), s.clock(e.At))
		if better := s.placed(c, sv); better != "" {
			found.rename(c, better)
		}
		s.room(c)
	}
	for _, t := range s.tasks {
		if t.Last != "PROVISIONING" || t.Instance != "" || s.At.Sub(t.Created) < patience {
			continue
		}
		c := found.byKey[keyOf(reason.LackRoom, subjectOf(t), "")]
		if c == nil && found.roomless[subjectOf(t)] {
			continue
		}
		c = found.add(reason.LackRoom, subjectOf(t), "")
		if c.count == 0 {
			c.note("task %s has waited for an instance since %s", t.ID, s.clock(t.Created))
			s.room(c)
		}
		c.count = max(c.count, len(c.tasks)) + 1
	}
}

// unableEvent is the newest event of a service that says that a task found no instance, if nothing since says that all is well.
func (s *scene) unableEvent(sv *live.Service) (live.Event, bool) {
	if !s.lacking(sv) {
		return live.Event{}, false
	}
	for _, e := range sv.Events {
		switch {
		case s.At.Sub(e.At) > fresh, e.At.Before(sv.Primary().At), strings.Contains(e.Text, "has reached a steady state"),
			strings.Contains(e.Text, "stopped AZ Rebalancing"): // that is done only where all is well
			return live.Event{}, false
		case reason.Says(e.Text, "unable to place a task", "provisioning capacity limit"):
			return e, true
		}
	}
	return live.Event{}, false
}

// lacking tells whether a service has too few tasks, counting none that is to go with its instance.
func (s *scene) lacking(sv *live.Service) bool {
	return sv.Lacking() || slices.ContainsFunc(s.tasks, func(t *live.Task) bool {
		i := s.hosts[t.Instance]
		return i != nil && i.Status == "DRAINING" && serviceOf(t) == sv.Name && t.Last == "RUNNING"
	})
}

// room notes what instances there are, and whether their groups can grow.
func (s *scene) room(c *cause) {
	active, gone, drains := 0, 0, 0
	for _, i := range s.machines {
		switch {
		case i.Status == "DRAINING":
			drains++
		case !i.Connected:
			gone++
		case i.Status == "ACTIVE":
			active++
		}
	}
	if len(s.machines) > 0 {
		c.note("%s", headcount(len(s.machines), active, drains, gone))
	}
	for _, g := range s.groups {
		switch {
		case g.Desired >= g.Max:
			c.note("group %s has %d instances and may not grow: max_size is %d", g.Name, g.Instances, g.Max)
		case !g.Managed:
			c.note("group %s has %d of at most %d instances and does not grow by itself: managed scaling is off", g.Name, g.Instances, g.Max)
		case g.Instances < g.Desired:
			c.note("group %s grows: %d of %d instances are there", g.Name, g.Instances, g.Desired)
		}
	}
}

// headcount is how many instances are there for tasks, and what keeps the others from taking any.
func headcount(all, active, drains, gone int) string {
	text := fmt.Sprintf("%d of %s are ACTIVE with their agents connected", active, several(all, "instance"))
	switch {
	case active == all && all == 1:
		text = "the one instance is ACTIVE with its agent connected"
	case active == all:
		text = fmt.Sprintf("all %d instances are ACTIVE with their agents connected", all)
	case all == 1:
		text = "the one instance takes no tasks"
	}
	if drains > 0 {
		text += fmt.Sprintf("; draining: %d", drains)
	}
	if gone > 0 {
		text += fmt.Sprintf("; without an answer from the agent: %d", gone)
	}
	return text
}

// full tells whether no group can grow by itself.
func (s *scene) full() bool {
	return len(s.Groups) > 0 && !slices.ContainsFunc(s.Groups, func(g live.Group) bool { return g.Managed && g.Desired < g.Max })
}

// grow is how to get more instances.
func (s *scene) grow() string {
	if s.full() {
		return "raise max_size in ecs.tfvars, then berth apply"
	}
	if len(s.Groups) == 0 {
		return "let the group have more instances (max_size in ecs.tfvars; berth status shows how many there are)"
	}
	return "wait for managed scaling to add an instance (berth status shows it)"
}

// roomTellers word why tasks find no instance.
func roomTellers() map[string]teller {
	lack := func(what, fix string, final bool) teller {
		return func(s *scene, c *cause) (string, string, bool) {
			fix := strings.ReplaceAll(fix, "GROW", s.grow())
			switch {
			case c.ever:
				fix = c.name
			case c.name != "":
				fix = strings.TrimSuffix(c.name, ".") + ". Or " + fix
			}
			return c.subject + " finds no instance for its tasks: " + what, fix, final || c.ever
		}
	}
	return map[string]teller{
		reason.LackCPU:        lack("none has enough CPU units left", "GROW; or ask for less: \"cpu\" in taskdef.json; or take an instance_type with more vCPUs", false),
		reason.LackMemory:     lack("none has enough memory left", "GROW; or ask for less: \"memory\" in taskdef.json; or take an instance_type with more memory", false),
		reason.LackPort:       lack("the host port that they want is taken on every instance", "let the port be dynamic, \"hostPort\": 0 in taskdef.json; with a fixed one an instance takes one task: more instances, or \"maximumPercent\": 100 and \"minimumHealthyPercent\" below it in service.json", true),
		reason.LackAttribute:  lack("none has an attribute that the task definition needs", "see what it needs: aws ecs describe-task-definition --task-definition FAMILY --query taskDefinition.requiresAttributes; a capability comes with the agent's version and settings (ecs_config), others with attributes of an instance group", true),
		reason.LackConstraint: lack("none meets their placement constraints", "compare \"placementConstraints\" in service.json and taskdef.json with the instances (attributes of instance_groups, instance_type); with distinctInstance there must be as many instances as tasks: GROW", true),
		reason.LackInterface:  lack("every network interface of the instances is taken", "GROW; or a larger instance_type, which has more interfaces; or networkMode bridge in taskdef.json; or set awsvpcTrunking for the account", false),
		reason.NoInstances:    lack("there is no instance in their capacity provider", "see why none is there: berth status; GROW", false),
		reason.LackAgent:      lack("the agents of the instances that could take them do not answer", "berth why INSTANCE; the Auto Scaling group replaces instances that are lost", false),
		reason.LackGPU:        lack("no GPU is free", "GROW; or let a task take fewer: resourceRequirements in taskdef.json", false),
		reason.LackZone:       lack("no instance is in a zone of the subnets that the service names", "name a subnet of every zone in \"awsvpcConfiguration\": ${berth.subnets.private}", true),
		reason.LackRoom:       lack("they wait in PROVISIONING", "GROW", false),
		reason.TooMany:        lack("500 tasks wait for instances already, and ECS takes no more", "GROW; or start fewer at once", false),
	}
}
