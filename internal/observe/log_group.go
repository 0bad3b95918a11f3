package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type logGroupAnswers struct {
	logGroups []types.LogGroup
	logTags   map[string]model.Tags // by ARN
}

func logGroupRow() row {
	return row{model.KindLogGroup, []func(*look) []call{logGroupCalls, nothing, logTagCalls}, foldLogGroups}
}

// logFiles are the ends of the log groups' names.
func logFiles() []string {
	return []string{
		"/var/log/dmesg", "/var/log/docker", "/var/log/ecs/audit.log", "/var/log/ecs/ecs-agent.log", "/var/log/ecs/ecs-init.log",
		"/var/log/messages",
	}
}

// containerLogs is what the log groups of system containers are called behind the prefix.
const containerLogs = "/var/log/containers/"

// logGroupCalls finds every log group of an instance's log file, also under a prefix that the file had before, and the flow
// log's.
func logGroupCalls(l *look) []call {
	return []call{
		l.listLogGroups(&cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("/var/log/")}),
		l.listLogGroups(&cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(l.scope.FlowLogGroupName())}),
	}
}

func (l *look) listLogGroups(in *cloudwatchlogs.DescribeLogGroupsInput) call {
	return fetch.Pages(l, l.c.Logs.DescribeLogGroups, in, func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) bool {
		l.logGroups = append(l.logGroups, out.LogGroups...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// logTagCalls asks for the tags of the groups of the present prefix, and of one group of each other prefix, which
// tells whether all of them are ours.
func logTagCalls(l *look) []call {
	l.logTags = map[string]model.Tags{}
	var calls []call
	for _, g := range l.logGroups {
		prefix, file := l.splitLog(aws.ToString(g.LogGroupName))
		if file == "" || prefix != l.ask.LogPrefix && file != logFiles()[0] {
			continue
		}
		arn := aws.ToString(g.LogGroupArn)
		calls = append(calls, fetch.Maybe(l, l.c.Logs.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(arn)},
			func(out *cloudwatchlogs.ListTagsForResourceOutput) { l.logTags[arn] = shape.MapTags(out.Tags) }))
	}
	return calls
}

// splitLog cuts a log group's name into the prefix and the log file; the file is empty where it is none of ours.
// The flow log's has the present one.
func (l *look) splitLog(name string) (prefix, file string) {
	if name == l.scope.FlowLogGroupName() {
		return l.ask.LogPrefix, model.FlowLogGroup
	}
	for _, f := range logFiles() {
		if p, ok := strings.CutSuffix(name, f); ok {
			return p, f
		}
	}
	if i := strings.LastIndex(name, containerLogs); i >= 0 && i+len(containerLogs) < len(name) {
		return name[:i], name[i:]
	}
	return name, ""
}

func foldLogGroups(l *look) {
	for _, g := range l.logGroups {
		name, arn := aws.ToString(g.LogGroupName), aws.ToString(g.LogGroupArn)
		prefix, file := l.splitLog(name)
		if file == "" {
			continue
		}
		tags := l.logTags[arn]
		_, ours := l.mine(tags, model.KindLogGroup)
		switch here := prefix == l.ask.LogPrefix; {
		case ours, !here && l.oursElsewhere(prefix):
			l.add(model.LogGroup{File: file, Name: name, Days: int(aws.ToInt32(g.RetentionInDays)), Tags: tags.Own()}, model.Handle{ID: name, ARN: arn})
		case here:
			l.stray(model.LogGroupKey(file), name, "log group "+name)
		}
	}
}

// oursElsewhere tells whether the group of another prefix whose tags were asked for is ours.
func (l *look) oursElsewhere(prefix string) bool {
	return slices.ContainsFunc(l.logGroups, func(g types.LogGroup) bool {
		_, ours := l.mine(l.logTags[aws.ToString(g.LogGroupArn)], model.KindLogGroup)
		return ours && aws.ToString(g.LogGroupName) == prefix+logFiles()[0]
	})
}
