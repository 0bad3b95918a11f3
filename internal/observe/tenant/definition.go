package tenant

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

func (l *Look) familyCalls() []fetch.Call {
	list := func(status types.TaskDefinitionFamilyStatus, into *[]string) fetch.Call {
		in := &ecs.ListTaskDefinitionFamiliesInput{Status: status}
		return fetch.Pages(l, l.c.ECS.ListTaskDefinitionFamilies, in, func(in *ecs.ListTaskDefinitionFamiliesInput, out *ecs.ListTaskDefinitionFamiliesOutput) bool {
			*into = append(*into, out.Families...)
			return fetch.More(out.NextToken, &in.NextToken)
		})
	}
	return []fetch.Call{list(types.TaskDefinitionFamilyStatusActive, &l.active), list(types.TaskDefinitionFamilyStatusInactive, &l.inactive)}
}

// newestCalls describe the newest revision of every family that can be used. Families that cannot be are left by a destroy
// that ended between deregistering and deleting, or by people: their revisions are all described.
func (l *Look) newestCalls() []fetch.Call {
	var calls []fetch.Call
	for _, family := range l.active {
		calls = append(calls, l.definitionCall(family))
	}
	return calls
}

func (l *Look) definitionCall(name string) fetch.Call {
	in := &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(name), Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}}
	return fetch.Maybe(l, l.c.ECS.DescribeTaskDefinition, in, func(out *ecs.DescribeTaskDefinitionOutput) {
		l.definitions[aws.ToString(out.TaskDefinition.TaskDefinitionArn)] = definition{*out.TaskDefinition, shape.ECSTags(out.Tags)}
	})
}

// revisionListCalls list the revisions of the families that have one of ours, as far as anything seen so far tells: the newest
// revision, or a service or task that runs one.
func (l *Look) revisionListCalls() []fetch.Call {
	for _, arn := range l.known() {
		if d := l.definitions[arn]; l.ours(d.tags) {
			l.owned = append(l.owned, aws.ToString(d.Family))
		}
	}
	for _, s := range l.services {
		l.owned = append(l.owned, shape.FamilyOf(types.Task{TaskDefinitionArn: s.TaskDefinition}))
	}
	for _, t := range l.tasks {
		l.owned = append(l.owned, shape.FamilyOf(t))
	}
	slices.Sort(l.owned)
	l.owned = slices.Compact(l.owned)
	var calls []fetch.Call
	for _, family := range l.owned {
		calls = append(calls, l.revisionListCall(family, types.TaskDefinitionStatusActive), l.revisionListCall(family, types.TaskDefinitionStatusInactive))
	}
	for _, family := range l.inactive {
		if !slices.Contains(l.owned, family) {
			calls = append(calls, l.revisionListCall(family, types.TaskDefinitionStatusInactive))
		}
	}
	return calls
}

func (l *Look) revisionListCall(family string, status types.TaskDefinitionStatus) fetch.Call {
	in := &ecs.ListTaskDefinitionsInput{FamilyPrefix: aws.String(family), Status: status}
	return fetch.Pages(l, l.c.ECS.ListTaskDefinitions, in, func(in *ecs.ListTaskDefinitionsInput, out *ecs.ListTaskDefinitionsOutput) bool {
		l.revisions = append(l.revisions, out.TaskDefinitionArns...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

func (l *Look) definitionCalls() []fetch.Call {
	var calls []fetch.Call
	for _, arn := range l.revisions {
		if _, known := l.definitions[arn]; !known {
			calls = append(calls, l.definitionCall(arn))
		}
	}
	return calls
}

// known are the ARNs of the described revisions, by family and revision.
func (l *Look) known() []string {
	var out []string
	for arn := range l.definitions { // unordered: sorted below
		out = append(out, arn)
	}
	slices.SortFunc(out, func(a, b string) int {
		x, y := l.definitions[a], l.definitions[b]
		return cmp.Or(cmp.Compare(aws.ToString(x.Family), aws.ToString(y.Family)), cmp.Compare(x.Revision, y.Revision))
	})
	return out
}

func (l *Look) ours(tags model.Tags) bool {
	_, ours := l.scope.ServiceOf(tags)
	return ours
}

// foldFamilies leaves out the revisions that AWS deletes already.
func (l *Look) foldFamilies() {
	for _, arn := range l.known() {
		d := l.definitions[arn]
		if !l.ours(d.tags) || d.Status == types.TaskDefinitionStatusDeleteInProgress {
			continue
		}
		f, _ := model.Find[model.Family](&l.have.Set, model.FamilyKey(aws.ToString(d.Family)))
		f.Name = aws.ToString(d.Family)
		f.Revisions = append(f.Revisions, arn)
		l.have.Add(f, model.Handle{ID: f.Name})
	}
}
