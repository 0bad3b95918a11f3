package ec2

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

func TestFourReleasesAreOutWhenAWorldBegins(t *testing.T) {
	names := map[string]int{}
	ids := map[string]string{}
	form := regexp.MustCompile(`^ami-0[0-9a-f]{16}$`)
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		for i := range Images(region, world.Epoch()) {
			names[i.Path()]++
			if other, twice := ids[i.ID]; twice || !form.MatchString(i.ID) {
				t.Errorf("%s of %s is also %s", i.ID, i.Name, other)
			}
			ids[i.ID] = i.Name
		}
	}
	same(t, "families", len(names), len(imageLines()))
	for path, n := range names {
		same(t, path, n, 8)
	}
}

func TestImagesAreNamedAsAWSNamesThem(t *testing.T) {
	var got []string
	for i := range Images("eu-west-1", world.Epoch()) {
		if i.Release.Ordinal == 3 {
			got = append(got, i.Name)
		}
	}
	want := []string{
		"al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64",
		"al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-arm64",
		"al2023-ami-ecs-gpu-hvm-2023.0.20261015-kernel-6.1-x86_64-ebs",
		"al2023-ami-ecs-neuron-hvm-2023.0.20261015-kernel-6.1-x86_64",
		"amzn2-ami-ecs-hvm-2.0.20261015-x86_64-ebs",
		"amzn2-ami-ecs-hvm-2.0.20261015-arm64-ebs",
		"amzn2-ami-ecs-gpu-hvm-2.0.20261015-x86_64-ebs",
		"amzn2-ami-ecs-inf-hvm-2.0.20261015-x86_64-ebs",
		"amzn2-ami-ecs-kernel-5.10-hvm-2.0.20261015-x86_64-ebs",
		"amzn2-ami-ecs-kernel-5.10-hvm-2.0.20261015-arm64-ebs",
		"amzn2-ami-ecs-kernel-5.10-gpu-hvm-2.0.20261015-x86_64-ebs",
		"bottlerocket-aws-ecs-2-x86_64-v1.59.0-",
		"bottlerocket-aws-ecs-2-arm64-v1.59.0-",
		"bottlerocket-aws-ecs-2-nvidia-x86_64-v1.59.0-",
		"bottlerocket-aws-ecs-2-nvidia-arm64-v1.59.0-",
	}
	same(t, "families", len(got), len(want))
	for n := range min(len(got), len(want)) {
		if !strings.HasPrefix(got[n], want[n]) {
			t.Errorf("got %s, want %s", got[n], want[n])
		}
	}
}

func TestRecommendedParameterHasAWSsForm(t *testing.T) {
	p, ok := FindPublicParameter("eu-west-1", ecsParameters+"amazon-linux-2023/recommended", world.Epoch())
	if !ok {
		t.Fatal("no parameter")
	}
	id, _ := FindPublicParameter("eu-west-1", ecsParameters+"amazon-linux-2023/recommended/image_id", world.Epoch())
	same(t, "value", p.Value, `{"ecs_agent_version":"1.107.0","ecs_runtime_version":"Docker version 25.0.17","image_id":"`+id.Value+
		`","image_name":"al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64","image_version":"2023.0.20261015",`+
		`"os":"Amazon Linux 2023","schema_version":1,"source_image_name":"al2023-ami-minimal-2023.13.20261015.0-kernel-6.1-x86_64"}`)
	own, ok := FindPublicParameter("eu-west-1", ecsParameters+"amazon-linux-2023/al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64", world.Epoch())
	same(t, "under its name", ok && own.Value == p.Value, true)
	rocket, _ := FindPublicParameter("eu-west-1", "/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id", world.Epoch())
	exact, _ := FindPublicParameter("eu-west-1", "/aws/service/bottlerocket/aws-ecs-2/arm64/1.59.0/image_id", world.Epoch())
	same(t, "bottlerocket", rocket.Value, exact.Value)
	if rocket.Value == "" {
		t.Error("no Bottlerocket")
	}
}

func TestNextReleaseComesWithTime(t *testing.T) {
	name := ecsParameters + "amazon-linux-2023/recommended/image_id"
	out := time.Date(2026, 11, 16, 18, 14, 32, 0, time.UTC)
	before, _ := FindPublicParameter("eu-west-1", name, out.Add(-time.Second))
	after, _ := FindPublicParameter("eu-west-1", name, out)
	if before.Value == after.Value || after.Version != before.Version+1 || !after.Modified.Equal(out) {
		t.Errorf("%+v, then %+v", before, after)
	}
	if _, ok := FindImage("eu-west-1", after.Value, out.Add(-time.Second)); ok {
		t.Error("the image is there before it is published")
	}
	if _, ok := FindImage("eu-west-1", before.Value, out.AddDate(1, 0, 0)); !ok {
		t.Error("the older image is gone")
	}
}

func images(s *site, in *ec2.DescribeImagesInput) []string {
	s.t.Helper()
	var out []string
	for _, i := range do(s, DescribeImages, in).Images {
		out = append(out, *i.Name)
	}
	return out
}

func TestImagesAreFoundByOwnerAndName(t *testing.T) {
	s := newSite(t, "eu-west-1")
	type input = ec2.DescribeImagesInput
	all := images(s, &input{})
	same(t, "all", len(all), 4*len(imageLines()))
	same(t, "amazon's", len(images(s, &input{Owners: []string{"amazon"}})), len(all))
	same(t, "own", len(images(s, &input{Owners: []string{"self"}})), 0)
	same(t, "bottlerocket's", len(images(s, &input{Owners: []string{ownerBottlerocket}})), 16)
	same(t, "shared with me", len(images(s, &input{ExecutableUsers: []string{"self"}})), 0)
	glob := images(s, &input{Owners: []string{"amazon"}, Filters: filter("name", "amzn2-ami-ecs-*")})
	same(t, "glob", len(glob), 28)
	both := images(s, &input{Filters: slices.Concat(filter("name", "al2023-ami-ecs-hvm-*"), filter("architecture", "arm64"))})
	same(t, "arm64", len(both), 4)
	same(t, "newest first", both[0], "al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-arm64")
	same(t, "by id", len(images(s, &input{ImageIds: []string{s.image, s.arm}})), 2)
	page := do(s, DescribeImages, &input{MaxResults: aws.Int32(50)})
	same(t, "page", len(page.Images), 50)
	same(t, "rest", len(images(s, &input{MaxResults: aws.Int32(50), NextToken: page.NextToken})), 10)
	refused(s, DescribeImages, &input{ImageIds: []string{"ami-00000000000000000"}}, "InvalidAMIID.NotFound")
	refused(s, DescribeImages, &input{ImageIds: []string{"ami-no"}}, "InvalidAMIID.Malformed")
	refused(s, DescribeImages, &input{Filters: filter("colour", "red")}, "InvalidParameterValue")
}

func TestDeprecatedImagesHideButStayUsable(t *testing.T) {
	s := newSite(t, "eu-west-1")
	old := s.image
	out := do(s, DescribeImages, &ec2.DescribeImagesInput{ImageIds: []string{old}}).Images[0]
	same(t, "created", *out.CreationDate, "2026-10-15T20:14:32.000Z")
	same(t, "deprecated", *out.DeprecationTime, "2028-10-15T20:14:32.000Z")
	s.Advance(2 * 365 * 24 * time.Hour)
	named := ec2.DescribeImagesInput{Filters: filter("image-id", old)}
	same(t, "listed", len(images(s, &named)), 0)
	named.IncludeDeprecated = aws.Bool(true)
	same(t, "listed on demand", len(images(s, &named)), 1)
	same(t, "by id", len(images(s, &ec2.DescribeImagesInput{ImageIds: []string{old}})), 1)
	do(s, RunInstances, s.run(nil))
}

func TestImageShowsItsDisks(t *testing.T) {
	s := newSite(t, "eu-west-1")
	root := do(s, DescribeImages, &ec2.DescribeImagesInput{ImageIds: []string{s.image}}).Images[0].BlockDeviceMappings
	same(t, "disks", len(root), 1)
	same(t, "size", *root[0].Ebs.VolumeSize, 30)
	same(t, "type", root[0].Ebs.VolumeType, "gp3")
	wants(t, *root[0].Ebs.SnapshotId, "snap-0")
	rocket := do(s, DescribeImages, &ec2.DescribeImagesInput{Filters: filter("name", "bottlerocket-aws-ecs-2-arm64-*")}).Images[0].BlockDeviceMappings
	same(t, "disks", len(rocket), 2)
	same(t, "data disk", *rocket[1].DeviceName, "/dev/xvdb")
}
