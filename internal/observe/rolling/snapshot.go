package rolling

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/roll"
)

// snapshot puts what was seen together, in one order whatever order AWS answered in.
func (r *Reader) snapshot() roll.Snapshot {
	s := roll.Snapshot{At: r.Cloud.Clock.Now(), Order: r.want.order, Memory: r.want.memory, Demands: r.demands()}
	var tags []string
	for _, name := range slices.Sorted(maps.Keys(r.seen.groups)) {
		if g := r.seen.groups[name]; r.ordered(g) {
			s.Groups = append(s.Groups, g.Group)
			tags = append(tags, g.Tag)
		}
	}
	s.Command = command(tags, cmp.Or(r.want.memory.Order.Run, r.want.order.Run))
	s.Nodes = r.nodes()
	for _, name := range slices.Sorted(maps.Keys(r.seen.services)) {
		s.Services = append(s.Services, r.seen.services[name])
	}
	s.Tasks = r.tasks(s.Nodes)
	for _, what := range slices.Sorted(maps.Keys(r.seen.missing)) {
		s.Missing = append(s.Missing, what+": "+r.seen.missing[what])
	}
	return s
}

// ordered tells whether the order is about a group.
func (r *Reader) ordered(g group) bool {
	return len(r.want.order.Groups) == 0 || slices.Contains(r.want.order.Groups, g.Key)
}

// command is what the tags of the groups ask of a run: what goes furthest, where they do not say the same.
func command(tags []string, run string) roll.Command {
	for _, c := range []roll.Command{roll.Undo, roll.Abort, roll.Pause} {
		if slices.Contains(tags, roll.Tag(c, run)) {
			return c
		}
	}
	return roll.GoOn
}

// nodes are the members of the groups, joined or not, and what else is in the cluster.
func (r *Reader) nodes() []roll.Node {
	reasons, images, joined := r.reasons(), map[string]types.Instance{}, map[string]bool{}
	for _, g := range r.seen.groups { // unordered: into a map
		for _, m := range g.members {
			images[aws.ToString(m.InstanceId)] = m
		}
	}
	used := map[string]int{}
	for _, t := range r.seen.tasks { // unordered: counted
		if t.Address != "" && t.Last != "STOPPED" {
			used[t.Instance]++
		}
	}
	member, wired := r.members(), r.wired()
	var out []roll.Node
	for _, i := range r.seen.instances { // unordered: sorted below
		joined[i.ID] = true
		i.Group = member[i.ID]
		if total := r.total(i); wired && total >= 0 {
			i.Total.ENIs, i.Free.ENIs = total, total-used[i.ARN]
		}
		out = append(out, nodeOf(i, images[i.ID], reasons[i.ID]))
	}
	for id, m := range images { // unordered: sorted below
		if !joined[id] {
			i := live.Instance{ID: id, Group: member[id], Zone: aws.ToString(m.AvailabilityZone), Type: aws.ToString(m.InstanceType)}
			out = append(out, nodeOf(i, m, reasons[id]))
		}
	}
	slices.SortFunc(out, func(a, b roll.Node) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.ARN, b.ARN)) })
	for n := range out {
		out[n].Spot = r.spot(out[n].Group)
	}
	return out
}

// total is how many network interfaces an instance has for tasks; below 0: nobody knows.
func (r *Reader) total(i live.Instance) int {
	if _, trunk := i.Attributes["ecs.awsvpc-trunk-id"]; trunk {
		return trunked
	}
	if n, known := r.seen.wires[i.Type]; known {
		return n
	}
	return -1
}

// nodeOf is an instance with its part in a group; m is empty where it has none.
func nodeOf(i live.Instance, m types.Instance, why []model.Reason) roll.Node {
	return roll.Node{
		Instance: i, State: string(m.LifecycleState), Protected: aws.ToBool(m.ProtectedFromScaleIn), Unhealthy: aws.ToString(m.HealthStatus) == "Unhealthy", Launched: i.Registered,
		AMI: cmp.Or(i.Attributes["ecs.ami-id"], aws.ToString(m.ImageId)), Arch: i.Attributes["ecs.cpu-architecture"], Outdated: why,
	}
}

// reasons are why instances are outdated, by id.
func (r *Reader) reasons() map[string][]model.Reason {
	out := map[string][]model.Reason{}
	for _, g := range r.Groups {
		for _, i := range g.Instances {
			if i.Outdated() {
				out[i.ID] = i.Reasons
			}
		}
	}
	return out
}

// spot tells whether a group buys nothing but Spot capacity; of the instances of others nobody knows it without asking EC2.
func (r *Reader) spot(name string) bool {
	return slices.ContainsFunc(r.Groups, func(g model.Group) bool {
		return g.Name == name && g.Spot && g.OnDemandBase == 0 && g.OnDemandPercentage == 0
	})
}

// tasks are those on the nodes that have not stopped, and those that the memory names.
func (r *Reader) tasks(nodes []roll.Node) []live.Task {
	on := map[string]bool{}
	for _, n := range nodes {
		on[n.ARN] = n.ARN != ""
	}
	named := r.named()
	var out []live.Task
	for _, arn := range slices.Sorted(maps.Keys(r.seen.tasks)) {
		if t := r.seen.tasks[arn]; named[arn] || t.Last != "STOPPED" && on[t.Instance] {
			t.Protected = r.seen.guards[arn]
			out = append(out, t)
		}
	}
	return out
}

// readGuards reads until when tasks are protected from scale-in that may have to move: a drain waits for them. With everything it
// reads them of all instances that are to go, else of the nodes that are asked for.
func (r *Reader) readGuards(ctx context.Context) error {
	leaves := r.leaving()
	var arns []string
	for arn, t := range r.seen.tasks { // unordered: sorted below
		name, of := strings.CutPrefix(t.Group, "service:")
		asked := r.want.Full && leaves[t.Instance] || slices.Contains(r.want.Nodes, t.Instance)
		if asked && of && t.Last == "RUNNING" && !r.seen.services[name].Daemon {
			arns = append(arns, arn)
		}
	}
	slices.Sort(arns)
	const what = "task protection"
	if len(arns) == 0 || r.seen.missing[what] != "" {
		return nil
	}
	found, err := many(ctx, r, cloud.ProtectionReads, slices.Collect(slices.Chunk(arns, each)), func(ctx context.Context, some []string) ([]ecstypes.ProtectedTask, error) {
		out, err := read(ctx, r, r.Cloud.ECS.GetTaskProtection, &ecs.GetTaskProtectionInput{Cluster: aws.String(r.Scope.ClusterName()), Tasks: some})
		if err != nil {
			return nil, err
		}
		return out.ProtectedTasks, nil
	})
	for _, arn := range arns {
		delete(r.seen.guards, arn)
	}
	for _, p := range found {
		if p.ProtectionEnabled {
			r.seen.guards[aws.ToString(p.TaskArn)] = aws.ToTime(p.ExpirationDate)
		}
	}
	return r.unread(what, err)
}

// leaving are the container instances that are outdated, ordered to be replaced, drained or remembered, by ARN.
func (r *Reader) leaving() map[string]bool {
	reasons, out := r.reasons(), map[string]bool{}
	for arn, i := range r.seen.instances { // unordered: into a map
		out[arn] = r.want.order.All || len(reasons[i.ID]) > 0 || i.Status != "ACTIVE" || slices.Contains(r.want.order.Instances, i.ID)
	}
	for _, o := range r.want.memory.Olds {
		out[o.ARN] = true
	}
	return out
}
