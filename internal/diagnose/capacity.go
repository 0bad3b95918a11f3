package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/diagnose/advice"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// groups looks at Auto Scaling groups that cannot get the instances that they want.
func groups(s *scene, found *causes) {
	for _, g := range s.groups {
		for _, e := range g.Failures {
			if s.At.Sub(e.At) > fresh || g.Instances >= g.Desired {
				break
			}
			code := reason.NoLaunch
			if reason.Says(e.Text, "do not have sufficient", "Insufficient", "no Spot capacity", "capacity-not-available", "Capacity-not-available") {
				code = reason.NoCapacity
			}
			c := found.add(code, g.Name, zoneIn(e.Text, g.Zones))
			c.count++
			if c.quote == "" {
				c.quote, c.types = e.Text, g.Types
				c.note("%d of %d instances are there; the last launch failed at %s", g.Instances, g.Desired, s.clock(e.At))
			}
		}
	}
}

// zoneIn is the zone of several that a text names; empty: none.
func zoneIn(text string, zones []string) string {
	for _, z := range slices.Sorted(slices.Values(zones)) {
		if strings.Contains(text, z) {
			return z
		}
	}
	return ""
}

// agents looks at instances whose agent does not answer, and at those that never joined. When those of a zone are all dark, and
// others are not, it is the zone.
func agents(s *scene, found *causes) {
	dark, lit := map[string][]*live.Instance{}, map[string]bool{}
	for _, i := range s.machines {
		switch {
		case i.ARN == "":
			s.unjoined(found, i)
		case i.Status != "ACTIVE" && i.Status != "DRAINING":
		case i.Connected:
			lit[i.Zone] = true
		default:
			dark[i.Zone] = append(dark[i.Zone], i)
		}
	}
	for _, i := range s.machines {
		all := dark[i.Zone]
		switch {
		case !slices.Contains(all, i):
		case len(all) > 1 && !lit[i.Zone] && len(lit) > 0:
			c := found.add(reason.ZoneDark, i.Zone, "")
			c.count = len(all)
			c.note("instance %s does not answer; it has %s", i.ID, several(i.Running, "task"))
		default:
			c := found.add(reason.AgentGone, s.Cluster, "")
			c.count++
			c.on(i.ID)
			c.note("instance %s (%s, %s, agent %s) is %s with %s", i.ID, i.Type, i.Zone, or(i.Agent, "of unknown version"), i.Status, several(i.Running, "task"))
		}
	}
}

// unjoined is an instance that runs and is none of the cluster.
func (s *scene) unjoined(found *causes, i *live.Instance) {
	c := found.add(reason.NotJoined, s.Cluster, "")
	c.count++
	c.on(i.ID)
	c.note("instance %s (%s, %s) of group %s is not among the container instances of the cluster", i.ID, i.Type, i.Zone, i.Group)
	c.quote = i.Reason
}

// drains looks at instances that shall empty and cannot.
func drains(s *scene, found *causes) {
	on := map[string]*live.Instance{}
	for _, i := range s.machines {
		if i.Status == "DRAINING" && i.ARN != "" {
			on[i.ARN] = i
		}
	}
	if len(on) == 0 {
		return
	}
	for _, t := range s.tasks {
		i := on[t.Instance]
		if i == nil || t.Last != "RUNNING" || t.Desired == "STOPPED" {
			continue
		}
		code, about := s.stays(found, t)
		if code == "" {
			continue
		}
		c := found.add(code, about, "")
		c.tasks = append(c.tasks, t)
		c.on(i.ID)
		if len(c.tasks) <= 3 {
			c.note("task %s of %s runs on %s, which is DRAINING%s", t.ID, about, i.ID, s.guarded(t))
		}
	}
}

// stays finds why a task does not leave an instance that drains (ECS developer guide, "Draining Amazon ECS container instances").
func (s *scene) stays(found *causes, t *live.Task) (code, about string) {
	name := serviceOf(t)
	sv := s.services[name]
	switch {
	case t.Protected.After(s.At):
		return reason.DrainProtected, subjectOf(t)
	case name == "":
		return reason.DrainAlone, subjectOf(t)
	case sv == nil || sv.Daemon:
		return "", ""
	case deadlocked(sv):
		return reason.DrainDeadlock, name
	case found.roomless[name]:
		return reason.DrainNoRoom, name
	}
	return "", ""
}

// deadlocked tells whether a service's bounds let no task stop before another one starts, nor start before one stops: the lower one
// is rounded up, the upper one down (ECS API reference, DeploymentConfiguration).
func deadlocked(sv *live.Service) bool {
	least, most := bounds(sv)
	return sv.Desired > 0 && (sv.Desired*least+99)/100 >= sv.Desired && sv.Desired*most/100 <= sv.Desired
}

// bounds are a service's minimumHealthyPercent and maximumPercent.
func bounds(sv *live.Service) (least, most int) {
	c := sv.Spec.Get("deploymentConfiguration")
	return c.Get("minimumHealthyPercent").NumberOr(100), c.Get("maximumPercent").NumberOr(200)
}

// capacityTellers word what is wrong with instances.
func capacityTellers() map[string]teller {
	return map[string]teller{
		reason.AgentGone: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the ECS agent of %s does not answer: ECS can start and stop nothing there, and does not replace its tasks", c.these()),
				fmt.Sprintf("a short break mends itself; after some minutes look at it (aws ssm start-session --target %s, then systemctl status ecs) or replace it: aws autoscaling terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id %s", c.hosts[0], c.hosts[0]), false
		},
		reason.ZoneDark: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("no instance in zone %s answers, while those of other zones do", c.subject),
				"see the AWS Health Dashboard for the zone; until it is back the other zones carry the load, if they have room: berth status", false
		},
		reason.NoCapacity: func(_ *scene, c *cause) (string, string, bool) {
			where := "in the zone that it wants"
			if c.about != "" {
				where = "in " + c.about
			}
			return fmt.Sprintf("group %s gets no instances %s: AWS has none of this type left there", c.subject, where),
				"let the group take several types: instance_type = [\"m7i.large\", \"m6i.large\", \"m6a.large\"] in ecs.tfvars, then berth apply; the group tries on meanwhile", false
		},
		reason.NoLaunch: func(s *scene, c *cause) (string, string, bool) {
			if q, ok := advice.QuotaOf(c.quote, c.types); ok {
				return fmt.Sprintf("group %s cannot launch instances: %s", c.subject, q), q.Raise(s.Region), true
			}
			return fmt.Sprintf("group %s cannot launch instances", c.subject),
				"AWS's words say what is wrong: a quota, an AMI, key pair, security group or profile that is gone (berth plan shows what berth can mend)", true
		},
		reason.DrainDeadlock: func(s *scene, c *cause) (string, string, bool) {
			least, most := bounds(s.services[c.subject])
			return fmt.Sprintf("%s cannot drain: %s may have neither a task less nor a task more (minimumHealthyPercent %d, maximumPercent %d of %d)", c.these(), c.subject, least, most, s.services[c.subject].Desired),
				fmt.Sprintf("let %s have one more for a while, \"maximumPercent\": 200 in service.json, or one less; then berth deploy", c.subject), true
		},
		reason.DrainProtected: func(s *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%s cannot drain: a task of %s is protected from scale-in", c.these(), c.subject),
				advice.Unprotect(s.Region, s.Cluster, c.ids()), false
		},
		reason.DrainAlone: func(s *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%s cannot drain: a task of %s belongs to no service, so ECS does not move it", c.these(), c.subject),
				"wait until it ends, or stop it: " + advice.Stop(s.Region, s.Cluster, c.tasks[0].ID), false
		},
		reason.DrainNoRoom: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("%s cannot drain: the tasks of %s that should replace those on it find no instance", c.these(), c.subject),
				"make room as the diagnosis of " + c.subject + " says", false
		},
		reason.HostGone: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the machine under tasks of %s was stopped or terminated", c.subject),
				"nothing, if the service runs what it should again; to see who ended the machine: aws autoscaling describe-scaling-activities; a group of one instance per zone and services of several tasks bear it (berth explain HA101)", false
		},
		reason.SpotTaken: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("EC2 took the Spot Instance under tasks of %s back", c.subject),
				"nothing, if the service runs what it should again; for what must not stop so: on_demand_base in ecs.tfvars, or another capacity provider", false
		},
		reason.NotJoined: func(_ *scene, c *cause) (string, string, bool) {
			return c.these() + " of the cluster's groups did not join the cluster",
				fmt.Sprintf("read why: aws ec2 get-console-output --latest --instance-id %s; usual causes are an AMI without the ECS agent, user data that fails (custom_userdata), an instance profile without its role, no way to ECS's endpoints", c.hosts[0]), false
		},
	}
}
