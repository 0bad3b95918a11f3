package dst

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/service"
	"berth/internal/overview"
	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/container"
	"berth/internal/sim/world"
)

// chart makes snapshots straight from a world: no call is made, nothing is serialized, and nothing goes wrong. What the program sees
// over the wire must be the same.
type chart struct {
	definitions map[string]document.Value // by ARN
}

func newChart() *chart { return &chart{map[string]document.Value{}} }

// view is a world that is being looked at.
type view struct {
	*chart

	w     *world.World
	r     *world.Region
	k     *world.Cluster
	ofEC2 map[string]*world.ContainerInstance
	wired bool
	wires map[string]int // network interfaces of tasks, by container instance id
}

// snapshot is a world as a roll sees it.
func (c *chart) snapshot(w *world.World, order roll.Order, m roll.Memory) roll.Snapshot {
	v := view{chart: c, w: w, r: w.Region("eu-west-1"), ofEC2: map[string]*world.ContainerInstance{}, wires: map[string]int{}}
	v.k, _ = v.r.ECS.Clusters.Get("acc")
	for i := range v.k.Instances.Rows() {
		if i.Status != "INACTIVE" {
			v.ofEC2[i.EC2ID] = i
		}
	}
	s := roll.Snapshot{At: w.Now(), Order: order, Memory: m, Demands: map[string]roll.Need{}}
	v.services(&s)
	v.tasks(&s)
	v.groups(&s)
	return s
}

// groups are the groups of the order with their members, and what else is in the cluster.
func (v *view) groups(s *roll.Snapshot) {
	said := map[string]bool{}
	member := map[string]bool{}
	for g := range v.r.AutoScaling.Groups.Rows() {
		key := strings.TrimPrefix(g.Name, "acc_acc_")
		for m := range g.Members.Rows() {
			member[m.ID] = true
			s.Nodes = append(s.Nodes, v.node(g, m))
		}
		if one := v.group(g, key); len(s.Order.Groups) == 0 || slices.Contains(s.Order.Groups, key) {
			s.Groups = append(s.Groups, one)
			said[one.Tag] = true
		}
	}
	for i := range v.k.Instances.Rows() {
		if i.Status != "INACTIVE" && !member[i.EC2ID] {
			s.Nodes = append(s.Nodes, v.stray(i))
		}
	}
	slices.SortFunc(s.Groups, func(a, b roll.Group) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Nodes, func(a, b roll.Node) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.ARN, b.ARN)) })
	for _, c := range []roll.Command{roll.Pause, roll.Abort, roll.Undo} {
		if said[string(c)+" "+cmp.Or(s.Memory.Order.Run, s.Order.Run)] {
			s.Command = c
		}
	}
}

func (v *view) group(g *world.ScalingGroup, key string) roll.Group {
	out := roll.Group{Group: live.Group{Name: g.Name, Min: g.Min, Desired: g.Desired, Max: g.Max, Zones: slices.Sorted(slices.Values(g.Zones))}, Key: key, ProtectNew: g.Settings.Protected}
	for p := range v.r.ECS.Providers.Rows() {
		if p.GroupARN == g.ARN && p.Status == "ACTIVE" {
			out.Provider, out.Managed = p.Name, p.Scaling
		}
	}
	for m := range g.Members.Rows() {
		if m.State == "InService" {
			out.Instances++
		}
		if !slices.Contains(out.Types, m.Type) {
			out.Types = append(out.Types, m.Type)
		}
	}
	slices.Sort(out.Types)
	for _, tag := range g.Tags {
		switch tag.Key {
		case roll.TagRoll:
			out.Tag = tag.Value
		case roll.TagSurge:
			out.Surge = tag.Value
		case roll.TagFloor:
			out.Floor = tag.Value
		}
	}
	for _, p := range g.Suspended {
		out.Suspended = append(out.Suspended, p.Name)
	}
	slices.Sort(out.Suspended)
	return out
}

func (v *view) node(g *world.ScalingGroup, m *world.GroupMember) roll.Node {
	n := roll.Node{Instance: live.Instance{ID: m.ID, Zone: m.Zone, Type: m.Type}}
	if i, joined := v.ofEC2[m.ID]; joined {
		n = v.stray(i)
	}
	n.Group, n.State, n.Protected, n.Unhealthy = g.Name, m.State, m.Protected, !m.Healthy
	n.AMI = cmp.Or(n.AMI, m.ImageID)
	n.Spot = g.Mixed != nil && g.Mixed.OnDemandBase == 0 && g.Mixed.OnDemandPercentage == 0
	if m.Template.Version != v.newest(g) {
		n.Outdated = []model.Reason{{Kind: model.OldSettings}}
	}
	return n
}

// newest is the number of the launch template version that a group launches now.
func (v *view) newest(g *world.ScalingGroup) string {
	ref := g.Template
	if g.Mixed != nil {
		ref = g.Mixed.Template
	}
	t, _ := v.r.EC2.Templates.Get(ref.ID)
	switch {
	case t == nil || ref.Version != "$Latest" && ref.Version != "$Default" && ref.Version != "":
		return ref.Version
	case ref.Version == "$Latest":
		return strconv.FormatInt(t.Latest, 10)
	}
	return strconv.FormatInt(t.Default, 10)
}

// stray is a container instance, whatever group it is in.
func (v *view) stray(i *world.ContainerInstance) roll.Node {
	one := live.Instance{
		ID: i.EC2ID, ARN: i.ARN, Status: i.Status, Connected: i.AgentConnected, Provider: i.Provider, Attributes: map[string]string{}, Agent: i.AgentVersion,
		Total: roomOf(i.Registered), Free: roomOf(i.Remaining), Registered: i.RegisteredAt,
	}
	for _, id := range i.Tasks { // of those that are there, ECS counts the ones that are to run
		if t, ok := v.k.Tasks.Get(id); ok && (t.Status != "RUNNING" || t.Desired == "RUNNING") {
			one.Running, one.Pending = tallied(t, one.Running, one.Pending)
		}
	}
	for _, a := range i.Attributes {
		one.Attributes[a.Name] = a.Value
	}
	one.Zone, one.Type = one.Attributes["ecs.availability-zone"], one.Attributes["ecs.instance-type"]
	if v.wired {
		if t, ok := ec2.FindInstanceType(one.Type); ok {
			one.Total.ENIs = t.Interfaces - 1
			one.Free.ENIs = one.Total.ENIs - v.wires[i.ID]
		}
	}
	return roll.Node{Instance: one, Launched: i.RegisteredAt, AMI: one.Attributes["ecs.ami-id"], Arch: one.Attributes["ecs.cpu-architecture"]}
}

func roomOf(list []world.ECSResource) live.Room {
	var out live.Room
	for _, r := range list {
		switch r.Name {
		case "CPU":
			out.CPU = r.Integer
		case "MEMORY":
			out.Memory = r.Integer
		case "PORTS":
			out.TCP = numbers(r.Set)
		case "PORTS_UDP":
			out.UDP = numbers(r.Set)
		case "GPU":
			out.GPUs = len(r.Set)
		}
	}
	return out
}

func numbers(list []string) []int {
	var out []int
	for _, text := range list {
		if n, err := strconv.Atoi(text); err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func revisionARN(name string) string {
	return "arn:aws:ecs:eu-west-1:" + world.Account + ":task-definition/" + name
}

// services are the services that are not gone, with what their tasks want.
func (v *view) services(s *roll.Snapshot) {
	for row := range v.k.Services.Rows() {
		if row.Status == "INACTIVE" {
			continue
		}
		spec := specOf(row)
		one := roll.Service{Service: live.Service{
			Name: row.Name, ARN: row.ARN, Status: row.Status, Daemon: row.Daemon, Desired: row.Desired, Definition: revisionARN(row.Definition), Spec: spec,
		}, MinPct: row.MinHealthy, MaxPct: row.Max}
		for _, d := range row.Deployments {
			one.Revisions = append(one.Revisions, revisionOf(v.k, row, d))
			if d.Definition != row.Definition {
				s.Demands[revisionARN(d.Definition)+" "+row.Name] = v.need(d.Definition, spec)
			}
		}
		s.Demands[one.Definition+" "+row.Name] = v.need(row.Definition, spec)
		for _, id := range row.Tasks {
			t, ok := v.k.Tasks.Get(id)
			if !ok {
				continue
			}
			one.Running, one.Pending = tallied(t, one.Running, one.Pending)
			if t.Status == "RUNNING" && t.Desired == "RUNNING" && v.sound(t) {
				one.Healthy++
			}
		}
		s.Services = append(s.Services, one)
	}
	slices.SortFunc(s.Services, func(a, b roll.Service) int { return cmp.Compare(a.Name, b.Name) })
}

func tallied(t *world.Task, runs, pends int) (int, int) {
	switch t.Status {
	case "RUNNING":
		runs++
	case "PROVISIONING", "PENDING", "ACTIVATING":
		pends++
	}
	return runs, pends
}

func revisionOf(k *world.Cluster, s *world.Service, d world.Deployment) live.RevisionRunning {
	out := live.RevisionRunning{ID: d.ID, Status: d.Status, Definition: revisionARN(d.Definition), Desired: s.Desired, Failed: d.Failed, Rollout: "IN_PROGRESS", At: d.CreatedAt}
	wanted := 0
	for _, id := range s.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Deployment == d.ID {
			out.Running, out.Pending = tallied(t, out.Running, out.Pending)
			if t.Desired == "RUNNING" {
				wanted++
			}
		}
	}
	if d.Status != "PRIMARY" {
		out.Desired = wanted
	}
	out.Reason = "ECS deployment " + d.ID + " in progress."
	switch {
	case d.Completed:
		out.Rollout, out.Reason = "COMPLETED", "ECS deployment "+d.ID+" completed."
	case d.Halted != "":
		out.Rollout, out.Reason = "FAILED", d.Halted
	}
	return out
}

// sound tells whether all that checks a running task finds it healthy; what nothing checks is.
func (v *view) sound(t *world.Task) bool {
	d, _ := v.r.ECS.Definitions.Get(t.Definition)
	if container.Checked(d) && container.Health(t, d) != "HEALTHY" {
		return false
	}
	if len(t.Balancers) == 0 {
		return container.Checked(d) || v.w.Now().Sub(t.StartedAt) >= overview.Grace
	}
	fine, _ := balance.Judge(v.w, v.r, t)
	return fine
}

// specOf is as much of a service's settings as a roll goes by.
func specOf(s *world.Service) document.Value {
	out := document.New("serviceName", document.Of(s.Name), "deploymentConfiguration", document.New("maximumPercent", document.Int(s.Max), "minimumHealthyPercent", document.Int(s.MinHealthy)))
	var rules, order, providers []document.Value
	for _, c := range s.Constraints {
		one := document.New("type", document.Of(c.Type))
		if c.Expression != "" {
			one = one.With("expression", document.Of(c.Expression))
		}
		rules = append(rules, one)
	}
	for _, p := range s.Placement {
		one := document.New("type", document.Of(p.Type))
		if p.Field != "" {
			one = one.With("field", document.Of(p.Field))
		}
		order = append(order, one)
	}
	for _, p := range s.Strategy {
		providers = append(providers, document.New("capacityProvider", document.Of(p.Provider), "weight", document.Int(p.Weight), "base", document.Int(p.Base)))
	}
	zones := roll.ZonesStill
	if s.Rebalances {
		zones = roll.ZonesMove
	}
	out = out.With("availabilityZoneRebalancing", document.Of(zones))
	out = out.With("placementConstraints", document.Items(rules...)).With("placementStrategy", document.Items(order...))
	if len(providers) > 0 {
		out = out.With("capacityProviderStrategy", document.Items(providers...))
	}
	if s.Daemon {
		out = out.With("schedulingStrategy", document.Of("DAEMON"))
	}
	return out
}

// need is what a task of a definition wants; of is the service's settings, absent for one that runs by itself.
func (v *view) need(name string, of document.Value) roll.Need {
	arn := revisionARN(name)
	spec, known := v.definitions[arn]
	if !known {
		d, _ := v.r.ECS.Definitions.Get(name)
		var told types.TaskDefinition
		if err := json.Unmarshal([]byte(d.Spec), &told); err != nil {
			panic(name + ": " + err.Error()) // the simulator wrote it
		}
		spec = service.Definition(&told, nil).Spec
		v.definitions[arn] = spec
	}
	return roll.Need{Demand: placement.DemandOf(spec, of), Known: true}
}

// tasks are those on the instances that have not stopped, and those that the memory names.
func (v *view) tasks(s *roll.Snapshot) { //nolint:cyclop // one branch for each thing that a task says of itself
	named := map[string]bool{}
	for _, o := range s.Memory.Olds {
		for _, arn := range o.Tasks {
			named[arn] = true
		}
	}
	for _, n := range s.Memory.News {
		for _, arn := range append(slices.Clone(n.Tasks), n.Probe) {
			named[arn] = true
		}
	}
	for t := range v.k.Tasks.Rows() {
		if t.Network != nil {
			v.wired = true
		}
		i, on := v.k.Instances.Get(t.Instance)
		if on && t.Interface.Address != "" && t.Status != "STOPPED" {
			v.wires[i.ID]++
		}
		if !named[t.ARN] && (t.Status == "STOPPED" || !on || i.Status == "INACTIVE") {
			continue
		}
		s.Tasks = append(s.Tasks, v.task(t, i))
		name, of := strings.CutPrefix(t.Group, "service:")
		key := revisionARN(t.Definition)
		if of {
			key += " " + name
		}
		if _, known := s.Demands[key]; !known {
			need := v.need(t.Definition, v.specNamed(name))
			if !of {
				need.Group = t.Group
			}
			s.Demands[key] = need
		}
	}
	slices.SortFunc(s.Tasks, func(a, b live.Task) int { return cmp.Compare(a.ARN, b.ARN) })
}

func (v *view) specNamed(service string) document.Value {
	if s, ok := v.k.Services.Get(service); ok {
		return specOf(s)
	}
	return document.Value{}
}

func (v *view) task(t *world.Task, i *world.ContainerInstance) live.Task {
	out := live.Task{
		ID: t.ID, ARN: t.ARN, Group: t.Group, StartedBy: t.StartedBy, Definition: revisionARN(t.Definition), Last: t.Status, Desired: t.Desired,
		StopCode: t.StopCode, Reason: t.StopReason, Zone: t.Zone, Address: t.Interface.Address, Created: t.CreatedAt, Started: t.StartedAt,
		Stopping: t.StoppingAt, Stopped: t.StoppedAt,
	}
	if i != nil {
		out.Instance, out.Connected = i.ARN, i.AgentConnected
	}
	if t.ProtectedUntil.After(v.w.Now()) && t.Status == "RUNNING" {
		out.Protected = t.ProtectedUntil
	}
	for n := range t.Containers {
		c := &t.Containers[n]
		one := live.Container{Name: c.Name, Image: c.Image, Last: c.Status, Health: cmp.Or(c.Health, "UNKNOWN")}
		if c.Exited {
			one.Exit = new(c.ExitCode)
		}
		out.Containers = append(out.Containers, one)
	}
	return out
}
