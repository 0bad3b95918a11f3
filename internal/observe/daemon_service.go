package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type daemonServiceAnswers struct {
	daemonARNs   []string
	daemonsFound []types.Service
}

// daemonServiceRow costs one call where the cluster has no daemons: a listing of them.
func daemonServiceRow() row {
	return row{model.KindDaemonService, []func(*look) []call{daemonListCalls, daemonCalls}, foldDaemonServices}
}

func daemonListCalls(l *look) []call {
	in := &ecs.ListServicesInput{Cluster: l.clusterName(), SchedulingStrategy: types.SchedulingStrategyDaemon, MaxResults: aws.Int32(servicesListed)}
	list := fetch.Pages(l, l.c.ECS.ListServices, in, func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) bool {
		l.daemonARNs = append(l.daemonARNs, out.ServiceArns...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
	return []call{fetch.UnlessMissing(list)}
}

// daemonCalls describe those with names that berth gives, and those of the file by name: ECS lists no service that is
// being deleted.
func daemonCalls(l *look) []call {
	names := []string{}
	for _, c := range l.ask.Containers {
		names = append(names, l.scope.DaemonName(c))
	}
	for _, arn := range l.daemonARNs {
		if name := shape.LastOf(aws.String(arn)); strings.HasPrefix(name, l.scope.DaemonName("")) {
			names = append(names, name)
		}
	}
	for _, d := range inState[model.DaemonService](l, model.Leaving) {
		names = append(names, d.Name)
	}
	slices.Sort(names)
	return l.describeDaemons(slices.Compact(names))
}

func (l *look) describeDaemons(names []string) []call {
	var calls []call
	for some := range slices.Chunk(names, servicesAtOnce) {
		in := &ecs.DescribeServicesInput{Cluster: l.clusterName(), Services: some, Include: []types.ServiceField{types.ServiceFieldTags}}
		calls = append(calls, fetch.Maybe(l, l.c.ECS.DescribeServices, in, func(out *ecs.DescribeServicesOutput) {
			l.daemonsFound = append(l.daemonsFound, out.Services...)
		}))
	}
	return calls
}

func foldDaemonServices(l *look) {
	for _, s := range l.daemonsFound {
		name := aws.ToString(s.ServiceName)
		container, named := strings.CutPrefix(name, l.scope.DaemonName(""))
		if !named || aws.ToString(s.Status) == "INACTIVE" && s.RunningCount+s.PendingCount == 0 {
			continue
		}
		k := model.DaemonServiceKey(container)
		if _, ours := l.mine(shape.ECSTags(s.Tags), model.KindDaemonService); !ours || s.SchedulingStrategy != types.SchedulingStrategyDaemon {
			l.stray(k, name, "ECS service "+name)
			continue
		}
		l.add(l.daemon(s, container), shape.DaemonHandle(s))
	}
}

func (l *look) daemon(s types.Service, container string) model.DaemonService {
	arn, d := aws.ToString(s.TaskDefinition), shape.Daemon(s)
	d.Container, d.Definition = container, l.key(arn)
	for _, one := range l.definitions {
		if aws.ToString(one.TaskDefinitionArn) == arn {
			d.Content = l.content(one)
		}
	}
	if t, ok := model.Find[model.TaskDefinition](&l.inv.Set, d.Definition); ok {
		d.Content = t.Content
	}
	for c := range model.Every[model.Capacity](&l.inv.Set) {
		if d.Placement == "" || shape.Mentions(d.Placement, c.Group) {
			d.On = append(d.On, c.Key())
		}
	}
	return d
}

// glanceDaemonCalls ask about the daemons whose deployment or deletion is under way.
func glanceDaemonCalls(l *look) []call {
	var names []string
	for _, s := range []model.Status{model.Pending, model.Leaving} {
		for _, d := range inState[model.DaemonService](l, s) {
			names = append(names, d.Name)
		}
	}
	return l.describeDaemons(names)
}

// foldDaemonGlance takes in what was described, and takes out what was being deleted and is gone.
func foldDaemonGlance(l *look) {
	for t := range model.Every[model.TaskDefinition](&l.inv.Set) {
		l.bind(t.Key(), l.inv.Handle(t.Key()).ARN)
	}
	for _, d := range inState[model.DaemonService](l, model.Leaving) {
		l.inv.Remove(d.Key())
	}
	foldDaemonServices(l)
}

// How many services ECS describes and lists at once (ECS API reference, DescribeServices and ListServices).
const (
	servicesAtOnce = 10
	servicesListed = 100
)

func (l *look) clusterName() *string { return aws.String(l.scope.ClusterName()) }
