package tenant

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

func scope() model.Scope {
	return model.Scope{Account: "1", Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
}

func TestOnlyWhatCarriesTheClustersTagsIsATenants(t *testing.T) {
	l := New(nil, scope(), "prod_shop", model.Inventory{})
	ours := scope().ServiceTags("web")
	l.definitions = map[string]definition{
		"w:2": {types.TaskDefinition{Family: new("w"), Revision: 2}, ours}, "w:10": {types.TaskDefinition{Family: new("w"), Revision: 10}, ours},
		"w:3": {types.TaskDefinition{Family: new("w"), Revision: 3}, ours.With(model.TagCluster, "other")},
		"w:4": {types.TaskDefinition{Family: new("w"), Revision: 4, Status: types.TaskDefinitionStatusDeleteInProgress}, ours},
		"x:1": {types.TaskDefinition{Family: new("x"), Revision: 1}, nil},
	}
	l.logTags = map[string]model.Tags{"a": ours, "b": nil, "c": ours.Without(model.TagEnvironment)}
	l.groups = []elbtypes.TargetGroup{{TargetGroupArn: new("arn:t"), TargetGroupName: new("t")}, {TargetGroupArn: new("arn:u"), TargetGroupName: new("u")}}
	l.listeners = []elbtypes.Listener{{ListenerArn: new("arn:l")}}
	l.rules["arn:l"] = []elbtypes.Rule{{RuleArn: new("x/r1"), Actions: []elbtypes.Action{{TargetGroupArn: new("arn:t")}}}, {RuleArn: new("x/r2")}}
	l.tags = map[string]model.Tags{"arn:t": ours, "x/r1": ours}
	l.services = []types.Service{{ServiceName: new("web"), Status: new("ACTIVE")}, {ServiceName: new("old"), Status: new("INACTIVE")}}
	l.fold()
	var got []string
	for r := range l.have.All() {
		got = append(got, r.Key().String())
	}
	want := []string{"service_target_group.t", "service_rule.web/r1", "service_log_group.a", "service_definition.w", "service.web"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if f, _ := model.Find[model.Family](&l.have.Set, model.FamilyKey("w")); !slices.Equal(f.Revisions, []string{"w:2", "w:10"}) {
		t.Error("the oldest does not go first:", f.Revisions)
	}
	rule, _ := model.Find[model.ServiceRule](&l.have.Set, model.ServiceRuleKey("web", "r1"))
	if !slices.Equal(rule.Refs(), []model.Key{model.ClusterKey(), model.ServiceTargetKey("t")}) {
		t.Error(rule.Refs())
	}
	service, _ := model.Find[model.Service](&l.have.Set, model.ServiceKey("web"))
	for _, k := range []model.Key{model.ServiceTargetKey("t"), model.ServiceLogsKey("a"), model.FamilyKey("w")} {
		if !slices.Contains(service.Refs(), k) {
			t.Errorf("the service does not go before %s", k)
		}
	}
}

func TestGoneIsWhatAWSDoesNotShowAnyMore(t *testing.T) {
	var have model.Inventory
	for _, name := range []string{"gone", "draining", "empty"} {
		have.Add(model.Service{Name: name}, model.Handle{ID: name, Status: model.Leaving})
	}
	have.Add(model.Service{Name: "stays"}, model.Handle{ID: "stays"})
	have.Add(model.Task{ID: "t"}, model.Handle{ID: "t", Status: model.Leaving})
	l := New(nil, scope(), "", have)
	l.services = []types.Service{
		{ServiceName: new("draining"), Status: new("INACTIVE"), RunningCount: 1}, {ServiceName: new("empty"), Status: new("INACTIVE")},
	}
	l.tasks = []types.Task{{TaskArn: new("x/t"), LastStatus: new("STOPPING")}}
	if got := l.Gone(); !slices.Equal(got, []model.Key{model.ServiceKey("empty"), model.ServiceKey("gone")}) {
		t.Error(got)
	}
}
