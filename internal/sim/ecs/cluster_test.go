package ecs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/attribute"
	"berth/internal/sim/ecs/setting"
	"berth/internal/sim/world"
)

func insights(value string) []types.ClusterSetting {
	return []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String(value)}}
}

func (s *stage) remove() error {
	_, err := DeleteCluster(s.Call, &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
	return err
}

func TestClusterIsMadeOnceAndDescribedAsAsked(t *testing.T) {
	s := newStage(t)
	change := func(in *ecs.CreateClusterInput) {
		in.Settings = insights("enhanced")
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}
		in.Configuration = &types.ClusterConfiguration{ExecuteCommandConfiguration: &types.ExecuteCommandConfiguration{
			Logging: types.ExecuteCommandLoggingOverride, LogConfiguration: &types.ExecuteCommandLogConfiguration{CloudWatchLogGroupName: aws.String("/exec")},
		}}
	}
	s.cluster(change)
	s.cluster(change)
	s.equal(s.Region.ECS.Clusters.Len(), 1)
	bare := s.describe()
	s.equal([]int{len(bare.Settings), len(bare.Tags), len(bare.Statistics)}, "[0 0 0]")
	if bare.Configuration != nil || bare.AttachmentsStatus != nil {
		t.Error("parts that nobody asked for are described")
	}
	full := s.describe(types.ClusterFieldSettings, types.ClusterFieldTags, types.ClusterFieldStatistics, types.ClusterFieldConfigurations, types.ClusterFieldAttachments)
	s.equal(*full.Settings[0].Value+*full.Tags[0].Value, "enhanceda")
	s.equal(len(full.Statistics), 8)
	s.equal(*full.Configuration.ExecuteCommandConfiguration.LogConfiguration.CloudWatchLogGroupName, "/exec")
	s.equal(*full.ClusterArn+*full.Status, "arn:aws:ecs:eu-west-1:123456789012:cluster/shopACTIVE")
	_, err := CreateCluster(s.Call, &ecs.CreateClusterInput{ClusterName: aws.String("shop"), Settings: insights("disabled")})
	s.refused(err, "InvalidParameterException", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
	_, err = CreateCluster(s.Call, &ecs.CreateClusterInput{ClusterName: aws.String("a b")})
	s.refused(err, "InvalidParameterException", "Identifier")
	_, err = CreateCluster(s.Call, &ecs.CreateClusterInput{ClusterName: aws.String("x"), Settings: insights("much")})
	s.refused(err, "InvalidParameterException", "containerInsights")
	_, err = CreateCluster(s.Call, &ecs.CreateClusterInput{ClusterName: aws.String("x"), CapacityProviders: []string{"none"}})
	s.refused(err, "InvalidParameterException", "The specified capacity provider 'none' was not found.")
}

func TestMissingClusterIsAFailureToDescribeAndAnErrorElsewhere(t *testing.T) {
	s := newStage(t)
	out, err := DescribeClusters(s.Call, &ecs.DescribeClustersInput{})
	f := must(s, out, err).Failures[0]
	s.equal(*f.Arn+*f.Reason, "arn:aws:ecs:eu-west-1:123456789012:cluster/defaultMISSING")
	_, err = ListContainerInstances(s.Call, &ecs.ListContainerInstancesInput{})
	s.refused(err, "ClusterNotFoundException", "Cluster not found.")
	_, err = UpdateClusterSettings(s.Call, &ecs.UpdateClusterSettingsInput{Cluster: aws.String("shop"), Settings: insights("enabled")})
	s.refused(err, "ClusterNotFoundException", "Cluster not found.")
	s.refused(s.remove(), "ClusterNotFoundException", "Cluster not found.")
}

func TestClusterSettingsChange(t *testing.T) {
	s := newStage(t)
	_, err := setting.PutAccountSettingDefault(s.Call, &ecs.PutAccountSettingDefaultInput{Name: types.SettingNameContainerInsights, Value: aws.String("enabled")})
	must(s, 0, err)
	row := s.cluster()
	s.equal(row.Insights, "enabled")
	_, err = UpdateClusterSettings(s.Call, &ecs.UpdateClusterSettingsInput{Cluster: aws.String(row.ARN), Settings: insights("disabled")})
	must(s, 0, err)
	s.equal(row.Insights, "disabled")
	_, err = UpdateCluster(s.Call, &ecs.UpdateClusterInput{Cluster: aws.String("shop"), Settings: insights("enhanced")})
	must(s, 0, err)
	s.equal(row.Insights, "enhanced")
}

func TestClusterIsDeletedOnlyWhenEmpty(t *testing.T) {
	s := newStage(t)
	row := s.cluster()
	s.group("web", 1, shop)
	s.refused(s.remove(), "ClusterContainsContainerInstancesException", "The Cluster cannot be deleted while Container Instances are active or draining.")
	setState(s.instances()[0], draining)
	s.refused(s.remove(), "ClusterContainsContainerInstancesException", "")
	s.k().deregister(s.instances()[0], byUser, "")
	row.Services.Put("api", &world.Service{Status: draining})
	s.refused(s.remove(), "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
	row.Services.Delete("api")
	row.PendingTasks = 1
	s.refused(s.remove(), "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
	row.PendingTasks, row.AttachmentsStatus = 0, updating
	s.refused(s.remove(), "UpdateInProgressException", "busy state")
	row.AttachmentsStatus = updated
	must(s, 0, s.remove())
	s.equal(*s.describe().Status, "INACTIVE")
	list, err := ListClusters(s.Call, &ecs.ListClustersInput{})
	s.equal(len(must(s, list, err).ClusterArns), 0)
	s.cluster()
	s.equal(*s.describe().Status, "ACTIVE")
}

func TestClustersComeByPage(t *testing.T) {
	s := newStage(t)
	for i := range 103 {
		_, err := CreateCluster(s.Call, &ecs.CreateClusterInput{ClusterName: aws.String(fmt.Sprint("c", i))})
		must(s, 0, err)
	}
	out, err := ListClusters(s.Call, &ecs.ListClustersInput{})
	s.equal(len(must(s, out, err).ClusterArns), 100)
	out, err = ListClusters(s.Call, &ecs.ListClustersInput{NextToken: out.NextToken})
	s.equal(len(must(s, out, err).ClusterArns), 3)
	_, err = ListClusters(s.Call, &ecs.ListClustersInput{MaxResults: aws.Int32(101)})
	s.refused(err, "InvalidParameterException", "maxResults")
	_, err = ListClusters(s.Call, &ecs.ListClustersInput{NextToken: aws.String("x")})
	s.refused(err, "InvalidParameterException", "Invalid token")
}

func TestEmptyClusterTruthfullyHasNoServicesAndNoTasks(t *testing.T) {
	s := newStage(t)
	s.cluster()
	cluster := aws.String("shop")
	services, err := ListServices(s.Call, &ecs.ListServicesInput{Cluster: cluster})
	s.equal(len(must(s, services, err).ServiceArns), 0)
	tasks, err := ListTasks(s.Call, &ecs.ListTasksInput{Cluster: cluster})
	s.equal(len(must(s, tasks, err).TaskArns), 0)
	ds, err := DescribeServices(s.Call, &ecs.DescribeServicesInput{Cluster: cluster, Services: []string{"api"}})
	s.equal(*must(s, ds, err).Failures[0].Reason+*ds.Failures[0].Arn, "MISSINGarn:aws:ecs:eu-west-1:123456789012:service/shop/api")
	dt, err := DescribeTasks(s.Call, &ecs.DescribeTasksInput{Cluster: cluster, Tasks: []string{"1"}})
	s.equal(*must(s, dt, err).Failures[0].Reason, "MISSING")
	_, err = DescribeServices(s.Call, &ecs.DescribeServicesInput{Cluster: cluster})
	s.refused(err, "InvalidParameterException", "Services cannot be empty.")
}

func TestTagsOfClustersProvidersAndInstancesChange(t *testing.T) {
	s := newStage(t)
	row := s.cluster()
	s.group("web", 1, shop)
	p := s.provider("web", "web")
	for _, arn := range []string{row.ARN, p.ARN, s.instances()[0].ARN} {
		_, err := TagResource(s.Call, &ecs.TagResourceInput{ResourceArn: aws.String(arn), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b")}}})
		must(s, 0, err)
		_, err = UntagResource(s.Call, &ecs.UntagResourceInput{ResourceArn: aws.String(arn), TagKeys: []string{"b", "c"}})
		must(s, 0, err)
		out, err := ListTagsForResource(s.Call, &ecs.ListTagsForResourceInput{ResourceArn: aws.String(arn)})
		s.equal(len(must(s, out, err).Tags), 1)
		s.equal(*out.Tags[0].Value, "1")
	}
	tag := func(arn, key string) error {
		_, err := TagResource(s.Call, &ecs.TagResourceInput{ResourceArn: aws.String(arn), Tags: []types.Tag{{Key: aws.String(key)}}})
		return err
	}
	s.refused(tag(row.ARN, "aws:x"), "InvalidParameterException", "reserved")
	s.refused(tag("shop", "x"), "InvalidParameterException", "Invalid resource ARN")
	s.refused(tag(strings.Replace(row.ARN, "/shop", "/x", 1), "x"), "ClusterNotFoundException", "Cluster not found.")
	s.refused(tag(p.ARN+"x", "x"), "ResourceNotFoundException", "could not be found")
	for i := range 49 {
		must(s, 0, tag(row.ARN, fmt.Sprint(i)))
	}
	s.refused(tag(row.ARN, "one too many"), "InvalidParameterException", "50")
}

func TestAccountSettingsFallBackToTheAccountAndThenToAWS(t *testing.T) {
	s := newStage(t)
	list := func(principal string, effective bool) string {
		in := &ecs.ListAccountSettingsInput{EffectiveSettings: effective, Name: types.SettingNameAwsvpcTrunking}
		if principal != "" {
			in.PrincipalArn = aws.String("arn:aws:iam::123456789012:user/" + principal)
		}
		out, err := setting.ListAccountSettings(s.Call, in)
		text := ""
		for _, v := range must(s, out, err).Settings {
			text += *v.Value
		}
		return text
	}
	s.equal(list("", false)+list("", true), "disabled")
	_, err := setting.PutAccountSettingDefault(s.Call, &ecs.PutAccountSettingDefaultInput{Name: types.SettingNameAwsvpcTrunking, Value: aws.String("enabled")})
	must(s, 0, err)
	s.equal(list("", false)+" "+list("eve", false)+" "+list("eve", true), "enabled  enabled")
	eve := aws.String("arn:aws:iam::123456789012:user/eve")
	_, err = setting.PutAccountSetting(s.Call, &ecs.PutAccountSettingInput{Name: types.SettingNameAwsvpcTrunking, Value: aws.String("disabled"), PrincipalArn: eve})
	must(s, 0, err)
	s.equal(list("eve", true), "disabled")
	_, err = setting.DeleteAccountSetting(s.Call, &ecs.DeleteAccountSettingInput{Name: types.SettingNameAwsvpcTrunking, PrincipalArn: eve})
	must(s, 0, err)
	s.equal(list("eve", true), "enabled")
	all, err := setting.ListAccountSettings(s.Call, &ecs.ListAccountSettingsInput{EffectiveSettings: true})
	s.equal(len(must(s, all, err).Settings), 11)
	_, err = setting.PutAccountSetting(s.Call, &ecs.PutAccountSettingInput{Name: "color", Value: aws.String("red")})
	s.refused(err, "InvalidParameterException", "Invalid setting name: color")
	_, err = setting.PutAccountSetting(s.Call, &ecs.PutAccountSettingInput{Name: types.SettingNameAwsvpcTrunking, Value: aws.String("red")})
	s.refused(err, "InvalidParameterException", "Invalid value red")
}

func TestContainerInstancesAreListedByStateAndDrained(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.group("web", 3, shop)
	all := s.instances()
	set := func(status types.ContainerInstanceStatus, ids ...string) (*ecs.UpdateContainerInstancesStateOutput, error) {
		return UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{Cluster: aws.String("shop"), Status: status, ContainerInstances: ids})
	}
	out, err := set("DRAINING", all[0].ID, all[1].ARN, "gone")
	s.equal(len(must(s, out, err).ContainerInstances), 2)
	s.equal(*out.Failures[0].Reason, "MISSING")
	s.equal(*out.ContainerInstances[0].Status, "DRAINING")
	s.equal(all[0].Version, 2)
	count := func(status types.ContainerInstanceStatus) int {
		out, err := ListContainerInstances(s.Call, &ecs.ListContainerInstancesInput{Cluster: aws.String("shop"), Status: status})
		return len(must(s, out, err).ContainerInstanceArns)
	}
	s.equal([]int{count(""), count("ACTIVE"), count("DRAINING")}, "[3 1 2]")
	_, err = set("ACTIVE", all[0].ID)
	must(s, 0, err)
	s.equal(all[0].Status, "ACTIVE")
	_, err = set("STOPPED", all[0].ID)
	s.refused(err, "InvalidParameterException", "Container instance status should be one of [ACTIVE, DRAINING]")
	_, err = set("ACTIVE", make([]string, 11)...)
	s.refused(err, "InvalidParameterException", "instanceIds can have at most 10 items.")
	remove := func(force bool) error {
		_, err := DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{
			Cluster: aws.String("shop"), ContainerInstance: aws.String(all[2].ARN), Force: aws.Bool(force),
		})
		return err
	}
	all[2].RunningTasks = 1
	s.refused(remove(false), "InvalidParameterException", "Found running tasks on the instance.")
	must(s, 0, remove(true))
	s.equal([]any{all[2].Status, count("")}, "[INACTIVE 2]")
	out, err = set("DRAINING", all[2].ID)
	s.equal(*must(s, out, err).Failures[0].Reason, "INACTIVE")
	s.refused(remove(true), "InvalidParameterException", "not found")
	s.Advance(2 * time.Hour)
	s.equal(len(s.instances()), 2)
}

func TestAttributesOfInstancesChange(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.group("web", 2, shop)
	i := s.instances()[1]
	put := func(name, value, target string) error {
		_, err := attribute.PutAttributes(s.Call, &ecs.PutAttributesInput{Cluster: aws.String("shop"), Attributes: []types.Attribute{{
			Name: aws.String(name), Value: aws.String(value), TargetId: aws.String(target), TargetType: types.TargetTypeContainerInstance,
		}}})
		return err
	}
	must(s, 0, put("color", "red", i.ARN))
	must(s, 0, put("color", "blue", i.ID))
	list := func(name, value string) string {
		in := &ecs.ListAttributesInput{Cluster: aws.String("shop"), TargetType: types.TargetTypeContainerInstance, AttributeName: aws.String(name)}
		if value != "" {
			in.AttributeValue = aws.String(value)
		}
		out, err := attribute.ListAttributes(s.Call, in)
		text := ""
		for _, a := range must(s, out, err).Attributes {
			text += aws.ToString(a.Value) + " " + *a.TargetId
		}
		return text
	}
	s.equal(list("color", "")+list("color", "red"), "blue "+i.ARN)
	s.refused(put("ecs.ami-id", "x", i.ID), "InvalidParameterException", "reserved")
	s.refused(put("a b", "x", i.ID), "InvalidParameterException", "Attribute name")
	s.refused(put("a", "x", "gone"), "TargetNotFoundException", "gone")
	for n := range 9 {
		must(s, 0, put(fmt.Sprint("k", n), "v", i.ID))
	}
	s.refused(put("one-too-many", "v", i.ID), "AttributeLimitExceededException", "10")
	_, err := attribute.DeleteAttributes(s.Call, &ecs.DeleteAttributesInput{Cluster: aws.String("shop"), Attributes: []types.Attribute{{Name: aws.String("color"), TargetId: aws.String(i.ID)}}})
	must(s, 0, err)
	s.equal(list("color", ""), "")
	_, err = attribute.ListAttributes(s.Call, &ecs.ListAttributesInput{Cluster: aws.String("shop")})
	s.refused(err, "InvalidParameterException", "Target type")
}

func TestSavedWorldGoesOnTheSameWay(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.group("web", 2, shop)
	s.provider("web", "web")
	must(s, 0, s.associate("web"))
	fork, err := s.Fork()
	must(s, 0, err)
	for _, w := range []*world.World{s.World, fork} {
		w.Advance(10 * time.Minute)
	}
	a, _ := s.Save()
	b, _ := fork.Save()
	if string(a) != string(b) {
		t.Error("the fork went another way")
	}
}
