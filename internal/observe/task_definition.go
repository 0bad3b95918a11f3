package observe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type taskDefinitionAnswers struct {
	families       []string
	definitionARNs []string
	definitions    []definition
}

// definition is a revision as AWS describes it: the tags come beside it.
type definition struct {
	types.TaskDefinition
	tags model.Tags
}

// taskDefinitionRow costs one call where no family of ours was ever made: a listing by how the families' names begin.
func taskDefinitionRow() row {
	return row{model.KindTaskDefinition, []func(*look) []call{familyCalls, revisionCalls, definitionCalls}, foldTaskDefinitions}
}

func familyCalls(l *look) []call {
	in := &ecs.ListTaskDefinitionFamiliesInput{FamilyPrefix: aws.String(l.scope.FamilyPrefix()), Status: types.TaskDefinitionFamilyStatusAll}
	return []call{fetch.Pages(l, l.c.ECS.ListTaskDefinitionFamilies, in, func(in *ecs.ListTaskDefinitionFamiliesInput, out *ecs.ListTaskDefinitionFamiliesOutput) bool {
		l.families = append(l.families, out.Families...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

// revisionCalls list the revisions that can be used, and those that a run which died did not get to delete. Those that ECS
// deletes by itself by now are listed under a third state.
func revisionCalls(l *look) []call {
	var calls []call
	for _, family := range l.families {
		for _, status := range []types.TaskDefinitionStatus{types.TaskDefinitionStatusActive, types.TaskDefinitionStatusInactive} {
			in := &ecs.ListTaskDefinitionsInput{FamilyPrefix: aws.String(family), Status: status}
			calls = append(calls, fetch.Pages(l, l.c.ECS.ListTaskDefinitions, in, func(in *ecs.ListTaskDefinitionsInput, out *ecs.ListTaskDefinitionsOutput) bool {
				l.definitionARNs = append(l.definitionARNs, out.TaskDefinitionArns...)
				return fetch.More(out.NextToken, &in.NextToken)
			}))
		}
	}
	return calls
}

// definitionCalls describe the revisions that were listed, and those of others that a daemon of ours was made to run.
func definitionCalls(l *look) []call {
	arns := slices.Clone(l.definitionARNs)
	for _, s := range l.daemonsFound {
		if l.keys[aws.ToString(s.TaskDefinition)].IsZero() {
			arns = append(arns, aws.ToString(s.TaskDefinition))
		}
	}
	slices.Sort(arns)
	var calls []call
	for _, arn := range slices.Compact(arns) {
		in := &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(arn), Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}}
		calls = append(calls, fetch.Maybe(l, l.c.ECS.DescribeTaskDefinition, in, func(out *ecs.DescribeTaskDefinitionOutput) {
			l.definitions = append(l.definitions, definition{*out.TaskDefinition, shape.ECSTags(out.Tags)})
		}))
	}
	return calls
}

// foldTaskDefinitions keeps, of several revisions with one content, the one that a service runs, else the newest that can
// be used; the others are second ones.
func foldTaskDefinitions(l *look) {
	inUse := func(d definition) bool {
		return slices.ContainsFunc(l.daemonsFound, func(s types.Service) bool {
			return aws.ToString(s.TaskDefinition) == aws.ToString(d.TaskDefinitionArn)
		})
	}
	slices.SortFunc(l.definitions, func(a, b definition) int {
		return cmp.Or(-compareBools(a.Status == types.TaskDefinitionStatusActive, b.Status == types.TaskDefinitionStatusActive),
			-compareBools(inUse(a), inUse(b)), cmp.Compare(b.Revision, a.Revision), strings.Compare(aws.ToString(a.TaskDefinitionArn), aws.ToString(b.TaskDefinitionArn)))
	})
	for _, d := range l.definitions {
		container, named := strings.CutPrefix(aws.ToString(d.Family), l.scope.FamilyPrefix())
		if _, ours := l.mine(d.tags, model.KindTaskDefinition); !ours || !named || d.Status == types.TaskDefinitionStatusDeleteInProgress {
			continue
		}
		h := model.Handle{ID: aws.ToString(d.TaskDefinitionArn), ARN: aws.ToString(d.TaskDefinitionArn), Version: int(d.Revision)}
		if d.Status == types.TaskDefinitionStatusInactive {
			h.Status, h.Reason = model.Leaving, "it is deregistered"
		}
		l.add(model.TaskDefinition{Container: container, Family: aws.ToString(d.Family), Content: l.content(d), Tags: d.tags.Own()}, h)
	}
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// content is what a revision says, also of a role and a log group of ours while they are not there.
func (l *look) content(d definition) model.ContainerDefinition {
	return shape.Container(l.roleNamed, l.logGroupNamed, d.TaskDefinition)
}

// roleNamed is the key of a role by its ARN, also while a role of ours is not there.
func (l *look) roleNamed(arn string) model.Key {
	for _, what := range []string{"execution", "task"} {
		if strings.HasSuffix(arn, ":role"+l.scope.RolePath()+l.scope.RoleName(what)) {
			return model.RoleKey(what)
		}
	}
	return l.key(arn)
}

// logGroupNamed is the key of a log group, also while one of ours is not there.
func (l *look) logGroupNamed(name string) model.Key {
	k := l.key(name)
	if _, file := l.splitLog(name); k.Kind == model.KindForeign && file != "" {
		return model.LogGroupKey(file)
	}
	return k
}
