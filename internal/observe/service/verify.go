package service

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/deploy/given"
	"berth/internal/deploy/verify"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/placement"
)

// Facts reads what tells whether an order can come to a good end: what its folder names, and the instances, tasks and groups that
// it would be placed among. The service itself is in the snapshot already. What may not be read is called unknown.
func Facts(ctx context.Context, c *cloud.Cloud, scope model.Scope, s deploy.Snapshot) (verify.Facts, error) {
	changes := deploy.Compare(s)
	out := verify.Facts{
		Region: c.Region, Found: s.Found, Changes: !changes.Empty() || s.Order.Policy.Force, Lent: map[string]string{},
		Replaces: len(changes.Definition) > 0 || s.Order.Policy.Force,
	}
	for _, need := range s.Standing {
		if need.Kind == given.LogGroup && need.Another != "" {
			out.Lent[need.Name] = need.Another
		}
	}
	v := &viewing{asker: asker{c: c}, out: &out}
	if err := v.round(ctx, v.calls(verify.Wanted(s.Order))); err != nil {
		return out, err
	}
	v.sort()
	q := &inquiry{c: c, cluster: scope.ClusterName(), out: live.Capture{Version: live.Version}}
	err := q.site(ctx, s.Order.Definition.Get("networkMode").Text == "awsvpc")
	switch {
	case cloud.Denied(err):
		out.Found.Missing = append(out.Found.Missing, "the cluster's instances and tasks: "+cloud.Message(err))
		return out, nil
	case err != nil:
		return out, err
	}
	out.Cluster, out.Default = true, providers(q.strategy)
	out.Found.Instances, out.Found.Tasks, out.Found.Groups = q.out.Instances, q.out.Tasks, q.out.Groups
	return out, nil
}

func providers(strategy []types.CapacityProviderStrategyItem) []placement.Provider {
	var out []placement.Provider
	for _, s := range strategy {
		out = append(out, placement.Provider{Name: aws.ToString(s.CapacityProvider), Base: int(s.Base), Weight: int(s.Weight)})
	}
	return out
}

// site reads everything that tasks are placed among.
func (q *inquiry) site(ctx context.Context, interfaces bool) error {
	instances, err := q.listInstances(ctx)
	if err != nil {
		return err
	}
	if err := q.describeInstances(ctx, instances); err != nil {
		return err
	}
	tasks, err := q.listTasks(ctx, ecsRunning())
	if err != nil {
		return err
	}
	if err := run(ctx, func(ctx context.Context) error { return q.describeTasks(ctx, tasks) }, q.everyGroup); err != nil || !interfaces {
		return err
	}
	return q.interfaces(ctx)
}

// viewing is a look at what a folder names.
type viewing struct {
	asker

	out *verify.Facts
}

// note keeps what came of looking at one thing.
func (v *viewing) note(w verify.Want, err error) error {
	r := live.Reference{Kind: w.Kind, Name: w.Name, State: "there"}
	switch {
	case cloud.Missing(err), errors.Is(err, errAbsent):
		r.State = "missing"
	case cloud.Denied(err):
		r.State, r.Note = "unknown", "berth may not look at it"
	case err != nil:
		return err
	}
	v.Lock()
	defer v.Unlock()
	v.out.Found.References = append(v.out.Found.References, r)
	return nil
}

// calls look at each thing; parameters, subnets and security groups of a folder at once.
func (v *viewing) calls(all []verify.Want) []fetch.Call {
	var out []fetch.Call
	batches := map[string][]verify.Want{}
	for _, w := range all {
		if w.Region != "" && w.Region != v.c.Region && w.Kind != verify.RoleKind {
			continue
		}
		switch w.Kind {
		case verify.Secret:
			out = append(out, v.secret(w))
		case verify.RoleKind:
			out = append(out, v.role(w))
		case verify.TargetKind:
			out = append(out, v.target(w))
		case verify.ClassicKind:
			out = append(out, v.classic(w))
		case verify.Parameter, verify.SubnetKind, verify.SecurityGroup:
			batches[w.Kind] = append(batches[w.Kind], w)
		}
	}
	for _, kind := range []string{verify.Parameter, verify.SubnetKind, verify.SecurityGroup} {
		if some := batches[kind]; len(some) > 0 {
			out = append(out, v.batch(kind, some))
		}
	}
	return out
}

// batch looks at several things with one call, whose answer leaves out what is not there.
func (v *viewing) batch(kind string, some []verify.Want) fetch.Call {
	return func(ctx context.Context) error {
		var names []string
		for _, w := range some {
			names = append(names, w.Name)
		}
		ask := map[string]func(context.Context, []string) (map[string]bool, error){
			verify.Parameter: v.parameters, verify.SubnetKind: v.subnets, verify.SecurityGroup: v.guards,
		}[kind]
		found, err := ask(ctx, names)
		for _, w := range some {
			one := err
			if err == nil && !found[w.Name] {
				one = errAbsent
			}
			if err := v.note(w, one); err != nil {
				return err
			}
		}
		return nil
	}
}

// sort puts what came in any order into one.
func (v *viewing) sort() {
	slices.SortFunc(v.out.Found.References, func(a, b live.Reference) int { return strings.Compare(a.Kind+"\x00"+a.Name, b.Kind+"\x00"+b.Name) })
	slices.SortFunc(v.out.Targets, func(a, b verify.TargetGroup) int { return strings.Compare(a.ARN, b.ARN) })
	slices.SortFunc(v.out.Classic, func(a, b verify.Classic) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(v.out.Roles, func(a, b verify.Role) int { return strings.Compare(a.ARN, b.ARN) })
}
