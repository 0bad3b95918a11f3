package observe

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// glance is how far what is on its way has come, in one call, for a kind whose full row takes several. Its settings
// were known before and cannot have changed: the one who asks has just made it.
type glance struct {
	calls func(*look) []call
	fold  func(*look)
}

func glances() map[model.Kind]glance {
	return map[model.Kind]glance{
		model.KindLoadBalancer:  {glanceBalancerCalls, foldBalancerGlance},
		model.KindClassic:       {glanceClassicCalls, foldClassicGlance},
		model.KindService:       {glanceTenantCalls, foldTenantGlance},
		model.KindDaemonService: {glanceDaemonCalls, foldDaemonGlance},
		model.KindTask:          {glanceTenantCalls, foldTenantGlance},
	}
}

// Glance looks at what is pending or leaving among some kinds and leaves the rest of the inventory as it was. Kinds
// without a shorter way are looked at like Some does.
func (o Observer) Glance(ctx context.Context, before model.Inventory, kinds ...model.Kind) (model.Inventory, error) {
	short := slices.DeleteFunc(slices.Clone(kinds), func(k model.Kind) bool { _, ok := glances()[k]; return !ok })
	full := slices.DeleteFunc(slices.Clone(kinds), func(k model.Kind) bool { return slices.Contains(short, k) })
	have := before
	if len(full) > 0 {
		var err error
		if have, err = o.Some(ctx, before, full...); err != nil {
			return before, err
		}
	}
	if len(short) == 0 {
		return have, nil
	}
	l := o.look(have)
	var rows []row
	for _, k := range short {
		g := glances()[k]
		rows = append(rows, row{k, []func(*look) []call{g.calls}, g.fold})
	}
	if err := l.read(ctx, rows); err != nil {
		return before, err
	}
	return l.inv, nil
}

// inState are the resources of a type that are in a state.
func inState[R model.Resource](l *look, s model.Status) []R {
	var out []R
	for r := range model.Every[R](&l.inv.Set) {
		if l.inv.Handle(r.Key()).Status == s {
			out = append(out, r)
		}
	}
	return out
}

func glanceBalancerCalls(l *look) []call {
	var calls []call
	if len(inState[model.LoadBalancer](l, model.Leaving)) > 0 {
		calls = append(calls, interfaceCalls(l)...)
	}
	var arns []string
	for _, b := range inState[model.LoadBalancer](l, model.Pending) {
		arns = append(arns, l.inv.Handle(b.Key()).ARN)
	}
	if len(arns) == 0 {
		return calls
	}
	in := &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: arns}
	return append(calls, fetch.Maybe(l, l.c.Balance.DescribeLoadBalancers, in, func(out *elbv2.DescribeLoadBalancersOutput) {
		l.balancers = out.LoadBalancers
	}))
}

func foldBalancerGlance(l *look) {
	for _, b := range inState[model.LoadBalancer](l, model.Leaving) {
		if !l.stillThere(shape.FrontOfARN(l.inv.Handle(b.Key()).ARN)) {
			l.inv.Remove(b.Key())
		}
	}
	for _, b := range inState[model.LoadBalancer](l, model.Pending) {
		for _, found := range l.balancers {
			if aws.ToString(found.LoadBalancerArn) == l.inv.Handle(b.Key()).ARN {
				l.inv.Add(b, shape.BalancerHandle(found))
			}
		}
	}
}

func glanceClassicCalls(l *look) []call {
	if len(inState[model.ClassicLoadBalancer](l, model.Leaving)) == 0 {
		return nil
	}
	return interfaceCalls(l)
}

func foldClassicGlance(l *look) {
	for _, c := range inState[model.ClassicLoadBalancer](l, model.Leaving) {
		if !l.stillThere(c.Name) {
			l.inv.Remove(c.Key())
		}
	}
}

// stillThere tells whether network interfaces of a load balancer are left.
func (l *look) stillThere(front string) bool {
	return slices.ContainsFunc(shape.Fronts(l.key, l.interfaces), func(n shape.Nodes) bool { return n.Front == front })
}
