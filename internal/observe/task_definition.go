package observe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
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
	return []call{pages(l, l.c.ECS.ListTaskDefinitionFamilies, in, func(in *ecs.ListTaskDefinitionFamiliesInput, out *ecs.ListTaskDefinitionFamiliesOutput) bool {
		l.families = append(l.families, out.Families...)
		return more(out.NextToken, &in.NextToken)
	})}
}

// revisionCalls list the revisions that can be used, and those that a run which died did not get to delete. Those that ECS
// deletes by itself by now are listed under a third state.
func revisionCalls(l *look) []call {
	var calls []call
	for _, family := range l.families {
		for _, status := range []types.TaskDefinitionStatus{types.TaskDefinitionStatusActive, types.TaskDefinitionStatusInactive} {
			in := &ecs.ListTaskDefinitionsInput{FamilyPrefix: aws.String(family), Status: status}
			calls = append(calls, pages(l, l.c.ECS.ListTaskDefinitions, in, func(in *ecs.ListTaskDefinitionsInput, out *ecs.ListTaskDefinitionsOutput) bool {
				l.definitionARNs = append(l.definitionARNs, out.TaskDefinitionArns...)
				return more(out.NextToken, &in.NextToken)
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
		calls = append(calls, maybe(l, l.c.ECS.DescribeTaskDefinition, in, func(out *ecs.DescribeTaskDefinitionOutput) {
			l.definitions = append(l.definitions, definition{*out.TaskDefinition, ecsTags(out.Tags)})
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

// content is what a revision of one container says. What AWS keeps in no order is sorted.
func (l *look) content(d definition) model.ContainerDefinition {
	out := model.ContainerDefinition{
		NetworkMode: string(d.NetworkMode), PIDMode: string(d.PidMode),
		ExecutionRole: l.roleNamed(aws.ToString(d.ExecutionRoleArn)), TaskRole: l.roleNamed(aws.ToString(d.TaskRoleArn)),
	}
	if len(d.ContainerDefinitions) == 0 {
		return out
	}
	c := d.ContainerDefinitions[0]
	out.Image, out.CPU, out.Memory = aws.ToString(c.Image), int(c.Cpu), int(aws.ToInt32(c.Memory))
	out.Command, out.EntryPoint, out.Privileged = c.Command, c.EntryPoint, aws.ToBool(c.Privileged)
	var variables, secrets []model.Setting
	for _, e := range c.Environment {
		variables = append(variables, model.Setting{Name: aws.ToString(e.Name), Value: aws.ToString(e.Value)})
	}
	for _, s := range c.Secrets {
		secrets = append(secrets, model.Setting{Name: aws.ToString(s.Name), Value: aws.ToString(s.ValueFrom)})
	}
	out.Environment, out.Secrets = model.NewSettings(variables...), model.NewSettings(secrets...)
	out.Mounts, out.Ports = mounts(d.TaskDefinition, c), ports(c)
	l.logs(&out, c)
	return out
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

// mounts are the paths of the instance in a container, by the names of their volumes.
func mounts(d types.TaskDefinition, c types.ContainerDefinition) []string {
	var out []string
	for _, m := range c.MountPoints {
		for _, v := range d.Volumes {
			if aws.ToString(v.Name) != aws.ToString(m.SourceVolume) || v.Host == nil {
				continue
			}
			text := aws.ToString(v.Name) + " " + aws.ToString(v.Host.SourcePath) + ":" + aws.ToString(m.ContainerPath)
			if aws.ToBool(m.ReadOnly) {
				text += ":ro"
			}
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

func ports(c types.ContainerDefinition) []string {
	var out []string
	for _, p := range c.PortMappings {
		out = append(out, fmt.Sprintf("%d:%d/%s", aws.ToInt32(p.HostPort), aws.ToInt32(p.ContainerPort), p.Protocol))
	}
	return out
}

// logs finds the log group of ours behind its name.
func (l *look) logs(out *model.ContainerDefinition, c types.ContainerDefinition) {
	if c.LogConfiguration == nil {
		return
	}
	var options []model.Setting
	for name, value := range c.LogConfiguration.Options { // unordered: NewSettings sorts
		options = append(options, model.Setting{Name: name, Value: value})
	}
	out.LogOptions = model.NewSettings(options...)
	out.LogGroup = l.key(out.LogOptions.Get("awslogs-group"))
	if _, file := l.splitLog(out.LogOptions.Get("awslogs-group")); out.LogGroup.Kind == model.KindForeign && file != "" {
		out.LogGroup = model.LogGroupKey(file)
	}
}
