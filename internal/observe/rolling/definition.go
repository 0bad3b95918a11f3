package rolling

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/cloud"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service"
	"berth/internal/placement"
	"berth/internal/roll"
)

// readDefinitions reads the task definitions of services and tasks that have not been read yet: a revision never changes.
func (r *Reader) readDefinitions(ctx context.Context) error {
	var arns []string
	for _, s := range r.seen.services { // unordered: sorted below
		arns = append(arns, s.Definition)
		for _, v := range s.Revisions {
			arns = append(arns, v.Definition)
		}
	}
	for _, t := range r.seen.tasks { // unordered: sorted below
		arns = append(arns, t.Definition)
	}
	slices.Sort(arns)
	arns = slices.DeleteFunc(slices.Compact(arns), func(arn string) bool {
		_, known := r.seen.definitions[arn]
		return known || arn == ""
	})
	const what = "task definitions"
	if r.seen.missing[what] != "" { // it may not, and will not
		return nil
	}
	found, err := many(ctx, r, cloud.DefinitionReads, arns, func(ctx context.Context, arn string) ([]live.Definition, error) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
		switch {
		case cloud.Missing(err):
			return []live.Definition{{ARN: arn}}, nil
		case err != nil:
			return nil, err
		}
		return []live.Definition{service.Definition(out.TaskDefinition, nil)}, nil
	})
	for _, d := range found {
		r.seen.definitions[d.ARN] = d
	}
	return r.unread(what, err)
}

// demands are what tasks of the services and of the tasks that run by themselves want.
func (r *Reader) demands() map[string]roll.Need {
	out := map[string]roll.Need{}
	for name, s := range r.seen.services { // unordered: into a map
		spec := s.Spec.With("serviceName", document.Of(name))
		out[s.Definition+" "+name] = r.need(s.Definition, spec)
		for _, v := range s.Revisions {
			out[v.Definition+" "+name] = r.need(v.Definition, spec)
		}
	}
	for _, t := range r.seen.tasks { // unordered: into a map
		name, of := strings.CutPrefix(t.Group, "service:")
		key := t.Definition
		if of {
			key += " " + name
		}
		if _, known := out[key]; known {
			continue
		}
		var spec document.Value
		if of {
			spec = r.seen.services[name].Spec.With("serviceName", document.Of(name))
		}
		need := r.need(t.Definition, spec)
		if !of {
			need.Group = t.Group
		}
		out[key] = need
	}
	return out
}

func (r *Reader) need(definition string, service document.Value) roll.Need {
	d := r.seen.definitions[definition]
	return roll.Need{Demand: placement.DemandOf(d.Spec, service), Known: d.Spec.There()}
}

// trunked is how many tasks with network interfaces of their own an instance with a trunk may have: as many as the largest type
// (ECS developer guide, "Increasing Amazon ECS Linux container instance network interfaces"). The API does not tell a type's own.
const trunked = 120

// readWires reads how many network interfaces instances have for tasks, all of their type but the first, where anything wants them.
func (r *Reader) readWires(ctx context.Context) error {
	if !r.wired() {
		return nil
	}
	var names []string
	for _, i := range r.seen.instances { // unordered: sorted below
		if _, known := r.seen.wires[i.Type]; !known && i.Type != "" {
			names = append(names, i.Type)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return nil
	}
	in := &ec2.DescribeInstanceTypesInput{Filters: []ec2types.Filter{{Name: aws.String("instance-type"), Values: names}}}
	for more := true; more; {
		out, err := one(ctx, r, cloud.MachineTypeReads, r.Cloud.EC2.DescribeInstanceTypes, in)
		if err != nil {
			return r.unread("free network interfaces", err)
		}
		for _, t := range out.InstanceTypes {
			if t.NetworkInfo != nil {
				r.seen.wires[string(t.InstanceType)] = int(aws.ToInt32(t.NetworkInfo.MaximumNetworkInterfaces)) - 1
			}
		}
		more = fetch.More(out.NextToken, &in.NextToken)
	}
	for _, name := range names {
		if _, told := r.seen.wires[name]; !told {
			r.seen.wires[name] = trunked
		}
	}
	return nil
}

// wired tells whether a task wants a network interface of its own.
func (r *Reader) wired() bool {
	for _, d := range r.seen.definitions { // unordered: any
		if d.Spec.Get("networkMode").Text == "awsvpc" {
			return true
		}
	}
	return false
}
