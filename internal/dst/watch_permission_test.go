package dst

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/desired"
	watching "berth/internal/drive/watching"
	"berth/internal/notify"
	"berth/internal/observe"
	"berth/internal/sim/access"
	"berth/internal/watch"
)

// informedOf is whom AWS and a watcher tell.
const informedOf = `alerts = { ops = { email = "ops@example.com" }, team = { topic_arn = "arn:aws:sns:eu-west-1:123456789012:team" } }`

// Watch follows a cluster for a while, as berth watch --for does, and returns what it told.
func (r *Rig) Watch(c *config.Config, d time.Duration) ([]watch.Message, error) {
	ctx := context.Background()
	cluster, who := r.acting(c, "watch")
	scope, err := observe.Who(ctx, cluster.Cloud, c.Environment, c.Cluster)
	if err != nil {
		return nil, err
	}
	var told []watch.Message
	w := watching.Watch{Cloud: cluster.Cloud, Scope: scope, Who: who, Alerts: desired.Subscriptions(c), Tell: func(n watching.Told) {
		if n.Message != nil {
			told = append(told, *n.Message)
		}
	}}
	for _, a := range c.Alerts {
		if a.TopicARN != "" {
			w.Sinks = append(w.Sinks, notify.Sink(watching.Topic{Cloud: cluster.Cloud, Alert: a.Name, ARN: a.TopicARN}))
			w.Receivers = append(w.Receivers, watch.Receiver{Name: a.Name})
		}
	}
	return told, w.Run(ctx, false, d)
}

// unheard are the rules of watch that the life below does not need, and why they are there.
func unheard() map[string]string {
	out := map[string]string{}
	for _, rule := range []string{
		"Anywhere autoscaling:DescribeAutoScalingInstances", "Anywhere ec2:DescribeInstanceTypes", "Anywhere elasticloadbalancing:DescribeLoadBalancers", "Services ecs:GetTaskProtection",
		"Secrets secretsmanager:DescribeSecret", "Anywhere elasticloadbalancing:DescribeInstanceHealth",
	} {
		out[rule] = "part of the closer look at what failed, which asks for it only where a cause may hide there, as berth why does"
	}
	for _, rule := range []string{"Services ecs:DescribeContainerInstances", "Services ecs:DescribeServices", "Services ecs:DescribeTasks"} {
		out[rule] = "Containers allows it as well, for looks at everything, and is what counts as needed"
	}
	return out
}

func TestEveryPermissionToWatchIsNeeded(t *testing.T) {
	l := &ledger{map[string][]*access.Policy{}}
	r := l.rig()
	c := Load(t, small, shipping, informedOf)
	fine(t, r.Apply(c))
	cluster, _ := r.cluster(c)
	_, err := cluster.Cloud.SNS.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: new("team")})
	fine(t, err)
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: behind})))
	fine(t, done(deploy.RolledBack)(r.Deploy(t, c, "web", release{image: "berth.sim/web?pull=missing", service: behind})))
	told, err := r.Watch(c, 10*time.Minute)
	fine(t, err)
	if len(told) == 0 || !strings.HasPrefix(told[0].Incident.Code, "WHY") {
		t.Errorf("it told %d messages", len(told))
	}
	for _, rule := range l.unused("watch") {
		if unheard()[rule] == "" {
			t.Errorf("watch may %s, and nothing ever needed it: narrow its row in internal/permit, or add a scenario", rule)
		}
	}
}
