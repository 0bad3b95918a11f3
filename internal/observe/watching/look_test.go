package watching_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/watching"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

func TestLookTellsWhichAlertsReachNobody(t *testing.T) {
	s := sim.New(world.New(1))
	c := cloud.Embedded(s.Client(), "eu-west-1", cloud.Options{Clock: s, Run: "a", Width: 1})
	scope := model.Scope{Account: world.Account, Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
	_, err := c.ECS.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
	if err != nil {
		t.Fatal(err)
	}
	alerts := []model.Subscription{
		{Name: "asked", Protocol: model.ProtocolEmail, Endpoint: "ops@example.com"},
		{Name: "never", Protocol: model.ProtocolEmail, Endpoint: "dev@example.com"},
	}
	_, f, _, err := watching.Look(t.Context(), c, scope, alerts)
	if err != nil || len(f.Absent)+len(f.Unconfirmed) > 0 {
		t.Errorf("without a topic: %v %+v", err, f)
	}
	_, err = c.SNS.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String(scope.TopicName())})
	if err == nil {
		_, err = c.SNS.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: aws.String(scope.TopicARN()), Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com")})
	}
	if err != nil {
		t.Fatal(err)
	}
	_, f, calls, err := watching.Look(t.Context(), c, scope, alerts)
	if err != nil || calls == 0 || len(f.Unconfirmed) != 1 || f.Unconfirmed[0].Name != "asked" || len(f.Absent) != 1 || f.Absent[0].Name != "never" {
		t.Errorf("%v, %d calls: %+v", err, calls, f)
	}
}
