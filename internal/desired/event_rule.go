package desired

import (
	"encoding/json"
	"strings"

	"berth/internal/model"
)

// shape is a part of an event pattern.
type shape map[string]any

// notice is a class of events that people are told of: which they are, and in which words.
type notice struct {
	what, about string
	pattern     shape
	values      map[string]string // JSON paths by the names that the lines quote
	lines       []string
}

// eventRules are one rule for each class of failure, which goes to the topic as text, and one for everything that happens in
// the cluster, which goes to the queue as it is. Test messages of berth alerts test take both ways.
func (b *builder) eventRules() []model.Resource {
	out := []model.Resource{b.rule("events", "everything that happens", b.everything(), model.QueueKey(model.EventQueue))}
	for _, n := range []notice{b.deploymentFailed(), b.serviceImpaired(), b.taskFailed(), b.launchFailed(), b.alertTest()} {
		r := b.rule(n.what, n.about, n.pattern, model.TopicKey())
		r.Values, r.Message = text(n.values), message(n.lines)
		out = append(out, r)
	}
	return out
}

func (b *builder) rule(what, about string, pattern shape, target model.Key) model.EventRule {
	return model.EventRule{
		What: what, Name: b.scope.RuleName(what), Description: b.scope.RuleDescription(what, about), Pattern: text(pattern), Enabled: true,
		Target: target, DeadLetters: model.QueueKey(model.DeadQueue),
	}
}

// text is anything as canonical JSON.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts always marshal
	}
	return model.CanonicalJSON(string(b))
}

// message is a template of several lines, each a JSON text of its own, as the EventBridge user guide writes them. The quotes
// are in the mail; values are not escaped.
func message(lines []string) string { return `"` + strings.Join(lines, "\"\n\"") + `"` }

func (b *builder) clusterARN() string { return b.arn("ecs", "cluster/"+b.scope.ClusterName()) }

// everything is what ECS says about the cluster, and what Auto Scaling cannot do for its groups. A warning of EC2 that a
// spot instance goes names no cluster and is left out: ECS says the same of the instance and its tasks.
func (b *builder) everything() shape {
	return shape{"$or": []shape{
		{
			"source":      []string{"aws.ecs"},
			"detail-type": []string{"ECS Task State Change", "ECS Container Instance State Change", "ECS Service Action"},
			"detail":      shape{"clusterArn": []string{b.clusterARN()}},
		},
		{"source": []string{"aws.ecs"}, "detail-type": []string{"ECS Deployment State Change"}, "resources": b.services()},
		{
			"source":      []string{"aws.autoscaling"},
			"detail-type": []string{"EC2 Instance Launch Unsuccessful", "EC2 Instance Terminate Unsuccessful"},
			"detail":      shape{"AutoScalingGroupName": b.groupNames()},
		},
		b.test(),
	}}
}

// services matches the cluster's services by ARN; events about deployments name no cluster.
func (b *builder) services() []shape {
	return []shape{{"prefix": b.arn("ecs", "service/"+b.scope.ClusterName()+"/")}}
}

// groupNames matches the cluster's groups.
func (b *builder) groupNames() []shape { return []shape{{"prefix": b.scope.Mark() + "_"}} }

// of is the cluster in a sentence.
func (b *builder) of() string {
	return "ECS cluster " + b.scope.ClusterName() + " (" + b.scope.Environment + ", " + b.scope.Region + ", account " + b.scope.Account + ")"
}

// console is where to look at the cluster.
func (b *builder) console(page string) string { return "Look: " + b.scope.ConsoleURL(page) }

func (b *builder) ecsConsole(tab string) string {
	return b.console("/ecs/v2/clusters/" + b.scope.ClusterName() + "/" + tab + "?")
}

// deploymentFailed comes only from services whose deployments have a circuit breaker or alarms (ECS developer guide,
// "Service deployment state change events").
func (b *builder) deploymentFailed() notice {
	return notice{
		what: "deployment_failed", about: "a deployment failed",
		pattern: shape{
			"source": []string{"aws.ecs"}, "detail-type": []string{"ECS Deployment State Change"}, "resources": b.services(),
			"detail": shape{"eventName": []string{"SERVICE_DEPLOYMENT_FAILED"}},
		},
		values: map[string]string{"service": "$.resources[0]", "why": "$.detail.reason", "deployment": "$.detail.deploymentId", "time": "$.time"},
		lines: []string{
			"A deployment failed in " + b.of() + ".", "Why: <why>", "Service: <service>", "Deployment: <deployment>", "When: <time>",
			b.ecsConsole("services"),
		},
	}
}

// serviceImpaired is what ECS calls warnings and errors of a service; a failed deployment is told by its own event.
func (b *builder) serviceImpaired() notice {
	return notice{
		what: "service_impaired", about: "a service cannot start or place its tasks",
		pattern: shape{
			"source": []string{"aws.ecs"}, "detail-type": []string{"ECS Service Action"},
			"detail": shape{
				"clusterArn": []string{b.clusterARN()}, "eventType": []string{"WARN", "ERROR"},
				"eventName": []shape{{"anything-but": []string{"SERVICE_DEPLOYMENT_FAILED"}}},
			},
		},
		values: map[string]string{"service": "$.resources[0]", "what": "$.detail.eventName", "why": "$.detail.reason", "time": "$.time"},
		lines: []string{
			"A service is impaired in " + b.of() + ".", "What: <what>", "Why: <why>", "Service: <service>", "When: <time>", b.ecsConsole("services"),
		},
	}
}

// taskFailed are tasks that could not start, that ended by themselves other than with 0, and that health checks gave up.
// What ECS or somebody stopped on purpose is none, nor is a task that went with its instance.
func (b *builder) taskFailed() notice {
	exited := []string{"EssentialContainerExited"}
	return notice{
		what: "task_failed", about: "a task failed",
		pattern: shape{
			"source": []string{"aws.ecs"}, "detail-type": []string{"ECS Task State Change"},
			"detail": shape{
				"clusterArn": []string{b.clusterARN()}, "lastStatus": []string{"STOPPED"},
				"$or": []shape{
					{"stopCode": []string{"TaskFailedToStart"}},
					{"stoppedReason": []shape{{"prefix": "Task failed "}}},
					{"stopCode": exited, "containers": shape{"exitCode": []shape{{"anything-but": 0}}}},
					{"stopCode": exited, "containers": shape{"exitCode": []shape{{"exists": false}}}},
				},
			},
		},
		values: map[string]string{
			"group": "$.detail.group", "definition": "$.detail.taskDefinitionArn", "task": "$.detail.taskArn", "why": "$.detail.stoppedReason",
			"code": "$.detail.stopCode", "names": "$.detail.containers[*].name", "exits": "$.detail.containers[*].exitCode",
			"reasons": "$.detail.containers[*].reason", "time": "$.time",
		},
		lines: []string{
			"A task of <group> failed in " + b.of() + ".", "Why: <why> (<code>)", "Containers: <names>", "Exit codes: <exits>",
			"What they say: <reasons>", "Task: <task>", "Definition: <definition>", "When: <time>", b.ecsConsole("tasks"),
		},
	}
}

// launchFailed is a group that wanted an instance and got none.
func (b *builder) launchFailed() notice {
	return notice{
		what: "launch_failed", about: "an instance could not be launched",
		pattern: shape{
			"source": []string{"aws.autoscaling"}, "detail-type": []string{"EC2 Instance Launch Unsuccessful"},
			"detail": shape{"AutoScalingGroupName": b.groupNames()},
		},
		values: map[string]string{"group": "$.detail.AutoScalingGroupName", "why": "$.detail.StatusMessage", "time": "$.time"},
		lines: []string{
			"An instance could not be launched for " + b.of() + ".", "Why: <why>", "Auto Scaling group: <group>", "When: <time>",
			b.console("/ec2/home?") + "#AutoScalingGroupDetails:id=<group>;view=activity",
		},
	}
}

// test matches the test messages for this cluster. Only berth puts events of that source.
func (b *builder) test() shape {
	return shape{"source": []string{model.TestSource}, "detail": shape{"clusterArn": []string{b.clusterARN()}}}
}

// alertTest is no failure: it shows that the way to people is open.
func (b *builder) alertTest() notice {
	return notice{
		what: model.TestRule, about: "nothing: somebody tries the alerts",
		pattern: b.test(),
		values:  map[string]string{"id": "$.detail.id", "who": "$.detail.who", "time": "$.time"},
		lines: []string{
			"This is a test of the alerts of " + b.of() + ". Nothing is wrong.", "Test: <id>", "Asked for by: <who>", "When: <time>",
		},
	}
}
