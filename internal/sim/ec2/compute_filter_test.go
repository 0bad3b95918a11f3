package ec2

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

// everyFilter asks for a row by each of its own values, and gives how many filters had one. A filter that bears no
// empty row panics here.
func everyFilter[T any](t *testing.T, known listing.Fields[T], row *T, find func([]types.Filter) int) int {
	t.Helper()
	used := 0
	for _, name := range slices.Sorted(maps.Keys(known)) {
		known[name](new(T))
		values := known[name](row)
		if len(values) == 0 {
			continue
		}
		used++
		if n := find(filter(name, values[0])); n == 0 {
			t.Errorf("%s=%s does not find what has it", name, values[0])
		}
		if n := find(filter(name, "no such value")); n != 0 {
			t.Errorf("%s finds %d rows for no such value", name, n)
		}
	}
	return used
}

func TestEveryFilterFindsTheRowThatHasItsValue(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.addProfile("nodes", s.Now(), "node")
	do(s, network.ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{
		SubnetId: aws.String(s.subnet), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	do(s, ImportKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("ops"), PublicKeyMaterial: []byte(ed25519Line)})
	made := do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) {
		in.KeyName, in.ClientToken = aws.String("ops"), aws.String("token")
		in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Name: aws.String("nodes")}
		in.InstanceMarketOptions = &types.InstanceMarketOptionsRequest{MarketType: types.MarketTypeSpot}
	})).Instances[0]
	s.Advance(3 * time.Minute)
	i, _ := s.Region.EC2.Instances.Get(*made.InstanceId)
	used := everyFilter(t, instanceFields(s.Region), i, func(f []types.Filter) int {
		return len(do(s, DescribeInstances, &ec2.DescribeInstancesInput{Filters: f}).Reservations)
	})
	if used < 50 {
		t.Errorf("only %d of the filters of instances had a value", used)
	}
	everyFilter(t, statusFields(), i, func(f []types.Filter) int {
		return len(do(s, DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{Filters: f}).InstanceStatuses)
	})
	v, _ := s.Region.EC2.Volumes.Get(i.Devices[0].VolumeID)
	everyFilter(t, volumeFields(s.Region), v, func(f []types.Filter) int {
		return len(do(s, DescribeVolumes, &ec2.DescribeVolumesInput{Filters: f}).Volumes)
	})
	image, _ := FindImage("eu-west-1", s.image, s.Now())
	everyFilter(t, imageFields(), &image, func(f []types.Filter) int {
		return len(do(s, DescribeImages, &ec2.DescribeImagesInput{Filters: f}).Images)
	})
	kind, _ := FindInstanceType("t3.micro")
	everyFilter(t, typeFields(), &kind, func(f []types.Filter) int {
		return len(describeTypes(s, &ec2.DescribeInstanceTypesInput{Filters: f}))
	})
	id := s.template("nodes", func(d *types.RequestLaunchTemplateData) {
		d.IamInstanceProfile = &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Arn: aws.String("arn")}
		d.MetadataOptions = &types.LaunchTemplateInstanceMetadataOptionsRequest{HttpEndpoint: "enabled", HttpTokens: "required"}
		d.EbsOptimized = aws.Bool(true)
	})
	template, _ := s.Region.EC2.Templates.Get(id)
	everyFilter(t, templateFields(), template, func(f []types.Filter) int {
		return len(do(s, DescribeLaunchTemplates, &ec2.DescribeLaunchTemplatesInput{Filters: f}).LaunchTemplates)
	})
	of := func(f []types.Filter) []types.LaunchTemplateVersion {
		return do(s, DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &id, Filters: f}).LaunchTemplateVersions
	}
	everyFilter(t, versionFields(), &of(nil)[0], func(f []types.Filter) int { return len(of(f)) })
}

func TestTagsReachEveryKind(t *testing.T) {
	s := newSite(t, "eu-west-1")
	key := do(s, ImportKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("ops"), PublicKeyMaterial: []byte(ed25519Line)})
	i := s.launched()
	ids := []string{i.ID, i.Devices[0].VolumeID, *key.KeyPairId, s.template("nodes", nil), s.vpc}
	do(s, CreateTags, &ec2.CreateTagsInput{Resources: ids, Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("ops")}}})
	kinds := map[types.ResourceType]bool{}
	for _, tag := range do(s, DescribeTags, &ec2.DescribeTagsInput{Filters: filter("key", "Team")}).Tags {
		kinds[tag.ResourceType] = true
	}
	same(t, "kinds", len(kinds), len(ids))
	same(t, "tags of the instance", *s.shown(i.ID).Tags[0].Value, "ops")
	do(s, DeleteTags, &ec2.DeleteTagsInput{Resources: ids, Tags: []types.Tag{{Key: aws.String("Team")}}})
	same(t, "left", len(do(s, DescribeTags, &ec2.DescribeTagsInput{}).Tags), 0)
}

func TestLaunchTagsAreLimited(t *testing.T) {
	s := newSite(t, "eu-west-1")
	var tags world.Tags
	for range listing.MostTags + 1 {
		tags = append(tags, world.Tag{Key: s.Hex(8)})
	}
	_, err := Launch(s.World, s.Region, LaunchSpec{TemplateID: s.template("nodes", nil), SubnetID: s.subnet, Tags: tags})
	_ = refusal(t, err, "TagLimitExceeded")
}
