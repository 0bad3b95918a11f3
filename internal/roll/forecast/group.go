package forecast

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/roll"
)

// sizes tells what the sizes of the groups leave room for.
func (c *scene) sizes() {
	if c.Order.Strategy == roll.Terminate {
		return
	}
	for _, p := range c.pools {
		f := Finding{Code: "ROL121", Subject: p.Key}
		larger := fmt.Sprintf("surge_beyond_max = true for the group %s in ecs.tfvars, or max_size = %d", p.Key, p.Desired+1)
		if c.Order.BeyondMax {
			larger = "berth roll --surge 1"
		}
		switch {
		case p.Surge == 0 && (p.Unavailable == 0 || p.Unavailable >= p.Desired):
			f.Severity, f.Fix = BlocksAll, larger
			f.Text = fmt.Sprintf("group %s has %d of at most %d instances, gets none beside them, and none can be spared", p.Key, p.Desired, p.Max)
		case p.Surge == 0:
			f.Severity, f.Fix = Warns, larger
			f.Text = fmt.Sprintf("group %s has %d of at most %d instances and gets none beside them: %s at a time goes before its successor comes", p.Key, p.Desired, p.Max, several(p.Unavailable, "instance"))
		case c.Order.Strategy == roll.Double && p.Surge < p.Olds:
			f.Severity = BlocksAll
			f.Text = fmt.Sprintf("the strategy double needs %d instances in group %s beside those that stand, and its maximum of %d leaves %d", p.Olds, p.Key, p.Max, p.Surge)
			f.Fix = fmt.Sprintf("surge_beyond_max = true for the group %s in ecs.tfvars, max_size = %d, or --strategy drain", p.Key, p.Desired+p.Olds)
		case p.Raised > 0:
			f.Severity = Informs
			f.Text = fmt.Sprintf("the maximum of group %s is raised from %d to %d at most during the roll, and put back on every exit", p.Key, p.Max, p.Raised)
		default:
			continue
		}
		c.add(f)
	}
}

// processes tells of suspended processes, of launches that failed, and of marks that somebody else has left.
func (c *scene) processes() {
	for _, p := range c.pools {
		for _, name := range []string{"Launch", "Terminate"} {
			if slices.Contains(p.group.Suspended, name) {
				c.add(Finding{
					Code: "ROL122", Severity: BlocksAll, Subject: p.Key, Text: fmt.Sprintf("the process %s of group %s is suspended: no instance can be replaced", name, p.Key),
					Fix: "aws autoscaling resume-processes --auto-scaling-group-name " + p.Name + " --scaling-processes " + name,
				})
			}
		}
		if id := p.group.Refresh; id != "" {
			c.add(Finding{
				Code: "ROL129", Severity: BlocksAll, Subject: p.Key, Text: fmt.Sprintf("the instance refresh %s replaces the instances of group %s already", id, p.Key),
				Fix: "wait for it, or aws autoscaling cancel-instance-refresh --auto-scaling-group-name " + p.Name,
			})
		}
		if all := p.group.Failures; len(all) > 0 && p.group.Instances < p.group.Desired {
			c.add(Finding{
				Code: "ROL120", Severity: Warns, Subject: p.Key,
				Text: fmt.Sprintf("group %s has %d of %d instances, and its latest launch failed at %s: %s", p.Key, p.group.Instances, p.group.Desired, all[0].At.UTC().Format("15:04"), all[0].Text),
				Fix:  "berth explain ROL120",
			})
		}
		if p.group.Tag != "" || p.group.Surge != "" {
			c.add(Finding{
				Code: "ROL170", Severity: Warns, Subject: p.Key, Text: fmt.Sprintf("group %s carries the marks of a roll (berth:roll %q, berth:surge %q)", p.Key, p.group.Tag, p.group.Surge),
				Fix: "berth roll status; berth roll --yes goes on with it, berth roll abort ends it",
			})
		}
	}
}

// hooks tells of lifecycle hooks that cut off what other tools do, or hold the roll up (Auto Scaling user guide, "Amazon EC2 Auto
// Scaling lifecycle hooks").
func (c *scene) hooks() {
	slowest := 0
	for _, name := range c.touched {
		slowest = max(slowest, c.services[name].Delay+c.services[name].Stop)
	}
	for _, p := range c.pools {
		for _, h := range p.group.Hooks {
			leaving := strings.HasSuffix(h.Transition, "TERMINATING")
			put := fmt.Sprintf("aws autoscaling put-lifecycle-hook --auto-scaling-group-name %s --lifecycle-hook-name %s", p.Name, h.Name)
			switch {
			case h.Default == "ABANDON" && leaving:
				c.add(Finding{
					Code: "ROL123", Severity: Warns, Subject: p.Key,
					Text: fmt.Sprintf("the hook %s of group %s ends with ABANDON: when it runs out, the other hooks of an instance that terminates are skipped, ECS's own drain among them", h.Name, p.Key),
					Fix:  put + " --default-result CONTINUE",
				})
			case h.Default == "ABANDON":
				c.add(Finding{
					Code: "ROL123", Severity: Warns, Subject: p.Key,
					Text: fmt.Sprintf("the hook %s of group %s ends with ABANDON: a new instance for which nobody completes it within %s is terminated", h.Name, p.Key, span(h.Heartbeat)),
					Fix:  put + " --default-result CONTINUE, or see that whoever completes it is at work",
				})
			}
			switch {
			case leaving && h.Heartbeat > 0 && seconds(h.Heartbeat) < slowest:
				c.add(Finding{
					Code: "ROL124", Severity: Warns, Subject: p.Key,
					Text: fmt.Sprintf("the hook %s of group %s lasts %s, and tasks take up to %s to go: the roll drains before it terminates, and what scales in does not", h.Name, p.Key, span(h.Heartbeat), secs(slowest)),
					Fix:  put + fmt.Sprintf(" --heartbeat-timeout %d", slowest+60),
				})
			case !leaving && h.Heartbeat >= c.Order.JoinTimeout:
				c.add(Finding{
					Code: "ROL124", Severity: Warns, Subject: p.Key,
					Text: fmt.Sprintf("the hook %s of group %s may hold a new instance back for %s, and it must have joined within %s", h.Name, p.Key, span(h.Heartbeat), span(c.Order.JoinTimeout)),
					Fix:  put + fmt.Sprintf(" --heartbeat-timeout %d", max(30, seconds(c.Order.JoinTimeout)/2)),
				})
			}
		}
	}
}

// shapes tells what the groups are made of.
func (c *scene) shapes() {
	for _, p := range c.pools {
		zones, spot := map[string]bool{}, 0
		for n := range c.Nodes {
			if one := &c.Nodes[n]; one.Group == p.Name && !leaves(one.State) {
				zones[one.Zone] = true
				if one.Spot {
					spot++
				}
			}
		}
		if p.Desired == 1 && p.Surge > 0 {
			c.add(Finding{Code: "ROL125", Severity: Informs, Subject: p.Key, Text: fmt.Sprintf("group %s has one instance: everything on it moves to the new one", p.Key)})
		}
		if p.Desired > 1 && len(zones) == 1 {
			c.add(Finding{
				Code: "ROL126", Severity: Informs, Subject: p.Key, Text: fmt.Sprintf("all instances of group %s are in one zone: the roll keeps them there, and a lost zone takes them all", p.Key),
				Fix: "availability_zones in ecs.tfvars; berth explain HA101",
			})
		}
		if spot > 0 {
			c.add(Finding{
				Code: "ROL128", Severity: Informs, Subject: p.Key,
				Text: fmt.Sprintf("%s of group %s %s on Spot capacity: AWS may take any of them back meanwhile, or have none to give", several(spot, "instance"), p.Key, are(spot)),
				Fix:  "on_demand_base in ecs.tfvars keeps some that stay",
			})
		}
	}
}

// instances tells of instances that are not as they should be.
func (c *scene) instances() {
	for _, id := range c.Order.Instances {
		if c.byID[id] == nil {
			c.add(Finding{Code: "ROL145", Severity: Warns, Subject: id, Text: id + " was named, and is no instance that can be replaced in any group of the order", Fix: "berth status lists the instances of each group"})
		}
	}
	for _, o := range c.olds {
		n := c.nodes[o.ID]
		f := Finding{Severity: Warns, Subject: o.ID, Instances: []string{o.ID}}
		switch {
		case n.ARN == "":
			f.Code, f.Text, f.Fix = "ROL142", fmt.Sprintf("%s has never joined the cluster: it goes at once, and nothing is lost with it", o.ID), "berth why "+o.ID
		case c.foreign(n):
			f.Code, f.Severity, f.Text = "ROL140", Blocks, fmt.Sprintf("%s is being drained by somebody else: the roll leaves it alone", o.ID)
			f.Fix = "finish what drains it; or give it back: aws ecs update-container-instances-state --status ACTIVE --container-instances " + o.ARN
		case n.State != inService:
			f.Code, f.Text, f.Fix = "ROL143", fmt.Sprintf("%s is %s in its group, not InService", o.ID, n.State), "berth why "+o.ID
		case !n.Connected:
			f.Code, f.Text, f.Fix = "ROL141", fmt.Sprintf("the ECS agent of %s does not answer: nobody hears when its tasks end, and it goes when others run in their place", o.ID), "berth why "+o.ID
		default:
			continue
		}
		c.add(f)
	}
}

// whole tells of the roll as one.
func (c *scene) whole() {
	if c.Order.Strategy == roll.Terminate {
		c.outage()
	}
	t, _ := c.times()
	if c.Order.MaxDuration > 0 && time.Duration(t.Seconds)*time.Second > c.Order.MaxDuration {
		c.add(Finding{
			Code: "ROL161", Severity: Warns, Text: fmt.Sprintf("it takes about %s, and may take %s: what is left then stays as it is", secs(t.Seconds), span(c.Order.MaxDuration)),
			Fix: "berth roll --max-duration " + secs(t.Seconds+t.Seconds/4) + ", or a larger --surge",
		})
	}
	if t.Dominates == deregistering {
		c.add(Finding{
			Code: "ROL164", Severity: Informs, Text: fmt.Sprintf("the deregistration delay of target groups is what it waits for longest: %s of %s", secs(t.Parts[slices.IndexFunc(t.Parts, func(p Part) bool { return p.Name == deregistering })].Seconds), secs(t.Seconds)),
			Fix: "a deregistration_delay in ecs.tfvars that is no longer than the longest request: 30 is enough for most",
		})
	}
	moves := 0
	for _, name := range c.touched {
		moves += c.services[name].Moves
	}
	if again := moves - c.movable; again > 0 && c.Order.Strategy != roll.Terminate {
		c.add(Finding{
			Code: "ROL151", Severity: Informs, Text: fmt.Sprintf("%s may move more than once: ECS may put them on instances that go later", several(again, "task")),
			Fix: "berth roll --fence keeps tasks off instances that go; --strategy double moves each once",
		})
	}
}

// outage tells what the strategy terminate takes down.
func (c *scene) outage() {
	severity, fix := BlocksAll, "--allow-outage, or the strategy drain"
	if c.Order.AllowOutage {
		severity, fix = Warns, "berth roll --strategy drain loses nothing"
	}
	told := false
	for _, name := range c.touched {
		s := c.services[name]
		if s.Lost > 0 {
			told = true
			c.add(Finding{
				Code: "ROL150", Severity: severity, Subject: name, Instances: c.of(name), Fix: fix,
				Text: fmt.Sprintf("the strategy terminate ends up to %d of %s of %s at once, with what they are doing; others serve about %s later", s.Lost, several(s.Desired, "task"), name, secs(c.boot()+s.Start)),
			})
		}
	}
	if !told && len(c.olds) > 0 {
		c.add(Finding{Code: "ROL150", Severity: severity, Fix: fix, Text: "the strategy terminate ends what runs on the instances"})
	}
}
