package tenant

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// logCalls list the log groups under the cluster's prefix, where services' are mostly. Those elsewhere the task definitions
// name.
func (l *Look) logCalls() []fetch.Call {
	if l.prefix == "" {
		return nil
	}
	return []fetch.Call{l.listLogs(l.prefix)}
}

func (l *Look) listLogs(prefix string) fetch.Call {
	in := &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(prefix)}
	return fetch.Pages(l, l.c.Logs.DescribeLogGroups, in, func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) bool {
		l.logs = append(l.logs, out.LogGroups...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// logTagCalls ask whose they are, but for those that are the cluster's own.
func (l *Look) logTagCalls() []fetch.Call {
	var calls []fetch.Call
	for _, g := range l.logs {
		if name := aws.ToString(g.LogGroupName); !l.isClusters(name) {
			calls = append(calls, l.logTagCall(name))
		}
	}
	return calls
}

func (l *Look) isClusters(name string) bool {
	for g := range model.Every[model.LogGroup](&l.have.Set) {
		if g.Name == name {
			return true
		}
	}
	return false
}

func (l *Look) logTagCall(name string) fetch.Call {
	in := &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(l.logARN(name))}
	return fetch.Maybe(l, l.c.Logs.ListTagsForResource, in, func(out *cloudwatchlogs.ListTagsForResourceOutput) {
		l.logTags[name] = shape.MapTags(out.Tags)
	})
}

func (l *Look) logARN(name string) string {
	return strings.Join([]string{"arn", l.scope.Partition, "logs", l.scope.Region, l.scope.Account, "log-group", name}, ":")
}

// namedLogCalls ask whose the log groups are that the services' task definitions name.
func (l *Look) namedLogCalls() []fetch.Call {
	var names []string
	for _, arn := range l.known() {
		d := l.definitions[arn]
		if !l.ours(d.tags) {
			continue
		}
		for _, name := range l.logNames(d) {
			if _, asked := l.logTags[name]; !asked && !l.isClusters(name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	var calls []fetch.Call
	for _, name := range names {
		calls = append(calls, l.logTagCall(name))
	}
	return calls
}

func (l *Look) foldLogs() {
	var names []string
	for name := range l.logTags { // unordered: sorted below
		names = append(names, name)
	}
	slices.Sort(names)
	var families []model.Key
	for f := range model.Every[model.Family](&l.have.Set) {
		families = append(families, f.Key())
	}
	shared := l.shared()
	for _, name := range names {
		service, ours := l.scope.ServiceOf(l.logTags[name])
		by := shared[name]
		switch {
		case ours && by == "":
			l.have.Add(model.ServiceLogs{Name: name, Service: service, Families: families}, model.Handle{ID: name, ARN: l.logARN(name)})
		case ours:
			what := "log group " + name + " of service " + service + ", which task definition " + by + " of others names"
			l.have.Strays = append(l.have.Strays, model.Stray{Key: model.ServiceLogsKey(name), ID: name, What: what})
		}
	}
}

// shared are the log groups that task definitions of others name, each with one of those. Of others the newest revisions are
// known, and every one of the families that they share with services of ours. One that nobody can start any more may still run.
func (l *Look) shared() map[string]string {
	out := map[string]string{}
	for _, arn := range l.known() {
		d := l.definitions[arn]
		if _, own := l.scope.Owns(model.KindTaskDefinition, d.tags); own || l.ours(d.tags) || d.Status == types.TaskDefinitionStatusDeleteInProgress {
			continue
		}
		for _, name := range l.logNames(d) {
			out[name] = aws.ToString(d.Family) + ":" + strconv.Itoa(int(d.Revision))
		}
	}
	return out
}

// logNames are the log groups of this region that a task definition writes to.
func (l *Look) logNames(d definition) []string {
	var out []string
	for _, c := range d.ContainerDefinitions {
		if c.LogConfiguration == nil {
			continue
		}
		options := c.LogConfiguration.Options
		if region := options["awslogs-region"]; options["awslogs-group"] != "" && (region == "" || region == l.scope.Region) {
			out = append(out, options["awslogs-group"])
		}
	}
	return out
}
