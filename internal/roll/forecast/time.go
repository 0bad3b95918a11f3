package forecast

import (
	"slices"
	"time"

	"berth/internal/roll"
)

// Time is how long a roll is likely to take.
type Time struct {
	Seconds   int    `json:"seconds"`
	Parts     []Part `json:"parts"`
	Dominates string `json:"dominates,omitempty"` // the part that takes the most
}

// Part is what a roll waits for, over all waves.
type Part struct {
	Name    string `json:"name"`
	Seconds int    `json:"seconds"`
}

// The parts.
const (
	booting       = "boot and join"
	proving       = "hold before the canaries"
	starting      = "task start and health checks"
	deregistering = "deregistration delay"
	stopping      = "stop timeout"
	protected     = "protected tasks"
	baking        = "bake"
	holding       = "hold"
)

// What AWS does, and how long it usually takes, where nothing that was seen tells.
const (
	usualBoot  = 150 // an instance until it has joined the cluster; 2 to 3 minutes
	usualStart = 30  // a task until it runs, with its image to be pulled
	unchecked  = 40  // until ECS counts a task that nothing checks as healthy (ECS developer guide, "Amazon ECS deployment failure detection")
	usualDelay = 300 // Elastic Load Balancing user guide, "Deregistration delay"
	usualStop  = 30  // ECS API reference, ContainerDefinition, stopTimeout
)

// clock says how long tasks of a service take to start and to go.
func (c *scene) clock(out *Service, s *roll.Service) {
	out.Start = median(c.starts[s.Name], usualStart)
	balanced, health := false, 0
	for _, l := range s.Spec.Get("loadBalancers").Items {
		balanced = true
		name, delay := l.Get("targetGroupArn").Text, usualDelay
		if name == "" {
			name = l.Get("loadBalancerName").Text
		}
		for _, check := range c.Checks {
			if check.Group == name {
				delay = check.Delay
				health = max(health, check.Interval*max(1, check.Healthy))
			}
		}
		out.Delay = max(out.Delay, delay)
	}
	if !balanced {
		health = unchecked
	}
	out.Start += health
	if out.Stop = usualStop; c.Demands[s.Definition+" "+s.Name].Stop > 0 {
		out.Stop = seconds(c.Demands[s.Definition+" "+s.Name].Stop)
	}
}

func seconds(d time.Duration) int { return int(d.Round(time.Second) / time.Second) }

// median is the one in the middle, in seconds; usual where there is none.
func median(all []time.Duration, usual int) int {
	if len(all) == 0 {
		return usual
	}
	slices.Sort(all)
	return seconds(all[len(all)/2])
}

// boot is how long instances of the groups took from their launch until they had joined.
func (c *scene) boot() int {
	var all []time.Duration
	for _, n := range c.Nodes {
		if d := n.Registered.Sub(n.Launched); !n.Launched.IsZero() && c.inOrder(n.Group) && d > 0 && d < time.Hour {
			all = append(all, d)
		}
	}
	return median(all, usualBoot)
}

// times adds up what the waves take, and notes it with each of them.
func (c *scene) times() (Time, float64) {
	var t Time
	boot, extra := c.boot(), 0
	if c.Order.Strategy == roll.Double && c.Order.Canary > 0 && len(c.waved) > 0 { // they come first, and nothing moves
		t.add(booting, boot)
		t.add(proving, seconds(c.Order.Hold))
		t.add(baking, seconds(max(c.Order.Bake, c.Order.Hold)))
		extra += t.Seconds * c.Order.Canary
	}
	for n := range c.waved {
		w := &c.waved[n]
		w.Begins = t.Seconds
		c.takes(w, boot, &t)
		w.Takes = t.Seconds - w.Begins
		extra += w.extra * w.Takes
	}
	most := 0
	for _, p := range t.Parts {
		if p.Seconds > most {
			most, t.Dominates = p.Seconds, p.Name
		}
	}
	if t.Parts == nil {
		t.Parts = []Part{}
	}
	return t, float64(extra*10/3600) / 10
}

func (t *Time) add(name string, n int) {
	if n <= 0 {
		return
	}
	t.Seconds += n
	at := slices.IndexFunc(t.Parts, func(p Part) bool { return p.Name == name })
	if at < 0 {
		t.Parts = append(t.Parts, Part{Name: name})
		at = len(t.Parts) - 1
	}
	t.Parts[at].Seconds += n
}

// takes adds what one wave takes: the tasks that leave together do so at the same time.
func (c *scene) takes(w *Wave, boot int, t *Time) {
	start, delay, stop, guarded := 0, 0, 0, 0
	for _, id := range w.Olds {
		for _, task := range c.byID[id].Tasks {
			if s := c.services[task.Name]; s != nil && task.Kind == OfService {
				start, delay, stop = max(start, s.Start), max(delay, s.Delay), max(stop, s.Stop)
			}
			if left := seconds(task.Protected.Sub(c.At)) - t.Seconds; !task.Protected.IsZero() {
				guarded = max(guarded, left)
			}
		}
	}
	t.add(booting, boot)
	if c.Order.Strategy == roll.Terminate {
		t.add(starting, start)
		return
	}
	if w.Canary {
		t.add(proving, seconds(c.Order.Hold))
	}
	t.add(starting, start)
	t.add(protected, guarded)
	t.add(deregistering, delay)
	t.add(stopping, stop)
	if w.Canary {
		t.add(baking, seconds(max(c.Order.Bake, c.Order.Hold)))
	} else {
		t.add(holding, seconds(c.Order.Hold))
	}
}

// Calls is how many calls of one of AWS's budgets a roll makes, beside what AWS documents (ECS developer guide, "Request throttling for
// the Amazon ECS API"; EC2 API reference, "Request throttling for the Amazon EC2 API").
type Calls struct {
	Budget    string  `json:"budget"`
	Calls     int     `json:"calls"`
	Peak      int     `json:"peak"` // at one look, or after one decision
	PerSecond float64 `json:"highest_per_second"`
	Burst     int     `json:"burst,omitempty"`         // 0: AWS publishes none
	Sustained int     `json:"sustained,omitempty"`     // per second
	Share     int     `json:"share_percent,omitempty"` // of what AWS documents: the peak of the burst, or all calls of what is sustained
}

// often is how many seconds lie between two looks.
const often = 5

// calls reckons how often AWS is asked: at every look the instances that drain, their services and tasks, and what each wave writes.
func (c *scene) calls(f Forecast) []Calls {
	out := []Calls{}
	add := func(budget string, calls, peak, burst, sustained int) {
		if calls == 0 {
			return
		}
		one := Calls{Budget: budget, Calls: calls, Peak: peak, PerSecond: float64(peak*10/often) / 10, Burst: burst, Sustained: sustained}
		if sustained > 0 {
			one.Share = max(peak*100/burst, calls*100/max(1, f.Time.Seconds)/sustained)
		}
		out = append(out, one)
	}
	var sum, peak counts
	for _, w := range f.Waves {
		one := c.countsOf(&w)
		sum.add(one)
		peak.most(one)
	}
	looks := f.Time.Seconds / often
	edits := 0
	for _, s := range f.Services {
		if s.SetPct > 0 || s.Fenced || s.Still {
			edits += 2
		}
	}
	add("EC2 Auto Scaling", sum.scaling+looks, peak.scaling+1, 0, 0)
	add("EC2 instances launched", sum.launched, peak.launched, 1000, 2)
	add("ECS cluster resource modify", sum.modify, peak.modify, 100, 40)
	add("ECS cluster resource read", sum.read, peak.look, 100, 20)
	add("ECS service read", sum.services, peak.perLook, 100, 20)
	add("ECS service modify", edits, edits/2, 50, 5)
	return out
}

// counts is what a wave asks of AWS.
type counts struct{ scaling, launched, modify, read, look, services, perLook int }

func (a *counts) add(b counts) {
	a.scaling, a.launched, a.modify, a.read, a.services = a.scaling+b.scaling, a.launched+b.launched, a.modify+b.modify, a.read+b.read, a.services+b.services
}

func (a *counts) most(b counts) {
	a.scaling, a.launched, a.modify, a.look, a.perLook = max(a.scaling, b.scaling), max(a.launched, b.launched), max(a.modify, b.modify), max(a.look, b.look), max(a.perLook, b.perLook)
}

func (c *scene) countsOf(w *Wave) counts {
	var out counts
	names := map[string]bool{}
	tasks := 0
	for _, id := range w.Olds {
		for _, t := range c.byID[id].Tasks {
			tasks++
			if t.Kind == OfService {
				names[t.Name] = true
			}
		}
	}
	for _, n := range w.New {
		out.launched += n.Count
		out.scaling += batches(n.Count, 100) // LaunchInstances
	}
	out.scaling += len(w.Olds)                                          // TerminateInstanceInAutoScalingGroup
	out.modify = batches(len(w.Olds), 10)*2 + batches(out.launched, 10) // UpdateContainerInstancesState and PutAttributes
	out.look = batches(len(w.Olds)+out.launched, 100) + batches(tasks, 100) + batches(out.launched, 1)
	out.perLook = batches(len(names), 10)
	looks := max(1, w.Takes/often)
	out.read, out.services = out.look*looks, out.perLook*looks
	return out
}

// batches is how many calls so many things take.
func batches(n, each int) int { return (n + each - 1) / each }
