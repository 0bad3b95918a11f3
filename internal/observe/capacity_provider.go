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

type providerAnswers struct{ ecsProviders []types.CapacityProvider }

func providerRow() row {
	return row{model.KindProvider, []func(*look) []call{clusterCalls, providerCalls}, foldProviders}
}

// providersAtOnce is how many providers a call asks for.
const providersAtOnce = 20

// providerCalls ask by name, for AWS cannot filter providers by tags: those of the file's groups, those that the
// cluster lists, and those of groups that stand.
func providerCalls(l *look) []call {
	var calls []call
	for names := range slices.Chunk(l.providerNames(), providersAtOnce) {
		in := &ecs.DescribeCapacityProvidersInput{CapacityProviders: names, Include: types.CapacityProviderField("").Values()}
		calls = append(calls, fetch.Pages(l, l.c.ECS.DescribeCapacityProviders, in, func(in *ecs.DescribeCapacityProvidersInput, out *ecs.DescribeCapacityProvidersOutput) bool {
			l.ecsProviders = append(l.ecsProviders, out.CapacityProviders...)
			return fetch.More(out.NextToken, &in.NextToken)
		}))
	}
	return calls
}

func (l *look) providerNames() []string {
	var names []string
	for _, g := range l.ask.Groups {
		names = append(names, l.scope.ProviderName(g.Name))
	}
	for _, g := range l.scaling {
		if k, ours := l.groupKey(g); ours {
			names = append(names, l.scope.ProviderName(k.Name))
		}
	}
	for g := range model.Every[model.Group](&l.inv.Set) {
		names = append(names, l.scope.ProviderName(g.Group))
	}
	if c := l.ecsCluster; c != nil && l.ownsCluster(*c) {
		names = append(names, l.ecsCluster.CapacityProviders...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func foldProviders(l *look) {
	for _, p := range l.ecsProviders {
		if p.Status == types.CapacityProviderStatusInactive {
			continue // deleted; AWS shows it for a while
		}
		name, tags := aws.ToString(p.Name), shape.ECSTags(p.Tags)
		k, ours := l.mine(tags, model.KindProvider)
		place, wanted := l.providerNamed(name)
		if ours && k.IsZero() {
			k, ours = place, wanted
		}
		if ours {
			h := model.Handle{ID: name, ARN: aws.ToString(p.CapacityProviderArn), Status: shape.ProviderStatus(p), Reason: aws.ToString(p.UpdateStatusReason)}
			l.add(shape.Provider(l.groupOf, p, k.Name, tags), h)
		} else if wanted {
			l.stray(place, name, "capacity provider "+name)
		}
	}
}

func (l *look) providerNamed(name string) (model.Key, bool) {
	for _, g := range l.ask.Groups {
		if l.scope.ProviderName(g.Name) == name {
			return model.ProviderKey(g.Name), true
		}
	}
	return l.groupNamed(strings.TrimPrefix(name, "cp_"), model.ProviderKey)
}

// groupOf is the key of a group by its ARN. A group that was made in this run has none yet; its name is as good then.
func (l *look) groupOf(arn string) model.Key {
	if k := l.key(arn); k.Kind == model.KindGroup {
		return k
	}
	_, name, _ := strings.Cut(arn, "autoScalingGroupName/")
	for g := range model.Every[model.Group](&l.inv.Set) {
		if g.Name == name && l.inv.Handle(g.Key()).ARN == "" {
			return g.Key()
		}
	}
	return model.Foreign(arn)
}
