package observe_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// client is an HTTP client for the SDK that is a function.
type client func(*http.Request) (*http.Response, error)

// Do sends a request.
func (c client) Do(r *http.Request) (*http.Response, error) { return c(r) }

// simulated is a new simulated account in Ireland. Requests go through the filter, which may answer itself.
func simulated(filter func(*http.Request) *http.Response) *cloud.Cloud {
	s := sim.New(world.New(1))
	inner := s.Client()
	send := client(func(r *http.Request) (*http.Response, error) {
		if answer := filter(r); answer != nil {
			return answer, nil
		}
		return inner.Do(r)
	})
	return cloud.New(aws.Config{
		Region: "eu-west-1", HTTPClient: send, BaseEndpoint: aws.String("http://sim.local"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
	}, cloud.Options{Clock: s, Width: 1, PathStyle: true, Run: "test"})
}

func pass(*http.Request) *http.Response { return nil }

func made[I, O, P any](t *testing.T, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) *O {
	t.Helper()
	out, err := f(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func factsOf(t *testing.T, c *cloud.Cloud, ask observe.Question) model.Facts {
	t.Helper()
	ask.Environment, ask.Cluster = "prod", "shop"
	_, facts, err := observe.All(context.Background(), c, ask)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestFactsSayWhoseAccountItIsAndWhichZonesAreOpen(t *testing.T) {
	facts := factsOf(t, simulated(pass), observe.Question{})
	want := model.Scope{Account: world.Account, Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
	if facts.Scope != want {
		t.Errorf("scope %+v", facts.Scope)
	}
	var names []string
	for _, z := range facts.Zones {
		names = append(names, z.Name)
		if !strings.HasPrefix(z.ID, "euw1-az") {
			t.Errorf("zone %+v", z)
		}
	}
	if !slices.Equal(names, []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"}) {
		t.Errorf("zones %v", names)
	}
	if facts.Subnets != nil {
		t.Errorf("subnets that nobody asked for: %v", facts.Subnets)
	}
}

func TestFactsKnowInstanceTypesAndLeaveOutThoseThatDoNotExist(t *testing.T) {
	facts := factsOf(t, simulated(pass), observe.Question{Groups: []observe.Group{
		{Name: "a", Types: []string{"m7i.large", "m9z.large"}, Family: "al2023", Arch: "x86_64"},
		{Name: "b", Types: []string{"c7g.large", "m7i.large"}, Family: "al2023", Arch: "arm64"},
	}})
	if len(facts.Types) != 2 {
		t.Errorf("types %v", facts.Types)
	}
	m := facts.Types["m7i.large"]
	if m.VCPU != 2 || m.MemoryMiB != 8192 || !slices.Equal(m.Arch, []string{"x86_64"}) || len(m.Zones) != 3 || !slices.IsSorted(m.Zones) {
		t.Errorf("m7i.large is %+v", m)
	}
	if c := facts.Types["c7g.large"]; !slices.Equal(c.Arch, []string{"arm64"}) {
		t.Errorf("c7g.large is %+v", c)
	}
}

func TestFactsFindAnImageForEveryGroup(t *testing.T) {
	c := simulated(pass)
	recommended := factsOf(t, c, observe.Question{Groups: []observe.Group{{Name: "a", Family: "al2023", Arch: "x86_64"}}}).Images["a"].ID
	facts := factsOf(t, c, observe.Question{Groups: []observe.Group{
		{Name: "new", Family: "al2023", Arch: "x86_64"},
		{Name: "arm", Family: "al2", Arch: "arm64"},
		{Name: "given", Family: "al2023", Arch: "x86_64", AMI: recommended},
		{Name: "missing", Family: "al2023", Arch: "x86_64", AMI: "ami-00000000000000001"},
	}})
	for name, want := range map[string]model.Image{
		"new":     {ID: recommended, Origin: "al2023/x86_64", Newest: recommended, Arch: "x86_64"},
		"given":   {ID: recommended, Origin: "given", Newest: recommended, Arch: "x86_64"},
		"missing": {ID: "ami-00000000000000001", Origin: "given", Newest: recommended, Missing: true},
		"arm":     {ID: facts.Images["arm"].Newest, Origin: "al2/arm64", Newest: facts.Images["arm"].Newest, Arch: "arm64"},
	} {
		got := facts.Images[name]
		if !want.Missing && (got.Device == "" || got.MinGiB < 8 || got.Name == "") {
			t.Errorf("%s is not described: %+v", name, got)
		}
		if !want.Missing && got.Deprecated.IsZero() {
			t.Errorf("nobody knows until when %s is listed", name)
		}
		got.Device, got.MinGiB, got.Name, got.Deprecated = "", 0, "", time.Time{}
		if got != want {
			t.Errorf("%s: %+v, not %+v", name, got, want)
		}
	}
}

func TestFactsFindImagesForAcceleratorsAndBothVolumesOfBottlerocket(t *testing.T) {
	facts := factsOf(t, simulated(pass), observe.Question{Groups: []observe.Group{
		{Name: "rocket", Family: "bottlerocket", Arch: "arm64", Types: []string{"c7g.large"}},
		{Name: "rocket-gpu", Family: "bottlerocket", Arch: "x86_64", Accelerator: "gpu", Types: []string{"g5.12xlarge"}},
		{Name: "gpu", Family: "al2023", Arch: "x86_64", Accelerator: "gpu", Types: []string{"g6.xlarge"}},
		{Name: "neuron", Family: "al2023", Arch: "x86_64", Accelerator: "neuron", Types: []string{"inf2.24xlarge"}},
		{Name: "old", Family: "al2", Arch: "x86_64", Accelerator: "gpu"},
	}})
	for name, want := range map[string][3]string{
		"rocket": {"bottlerocket", "", "bottlerocket/arm64"}, "rocket-gpu": {"bottlerocket", "gpu", "bottlerocket-gpu/x86_64"},
		"gpu": {"al2023", "gpu", "al2023-gpu/x86_64"}, "neuron": {"al2023", "neuron", "al2023-neuron/x86_64"}, "old": {"al2", "gpu", "al2-gpu/x86_64"},
	} {
		i := facts.Images[name]
		family, accelerator := i.Kind()
		if family != want[0] || accelerator != want[1] || i.Origin != want[2] || i.Private {
			t.Errorf("%s: %+v", name, i)
		}
		if two := i.System == "/dev/xvda" && i.SystemGiB == 2 && i.Device == "/dev/xvdb" && i.MinGiB == 20; two != (family == "bottlerocket") {
			t.Errorf("%s: %+v", name, i)
		}
	}
	for name, want := range map[string][2]int{"c7g.large": {0, 0}, "g5.12xlarge": {4, 0}, "g6.xlarge": {1, 0}, "inf2.24xlarge": {0, 6}} {
		if got := facts.Types[name]; got.GPUs != want[0] || got.Neuron != want[1] {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAnImageThatAWSDoesNotRecommendIsAnErrorThatNamesTheParameter(t *testing.T) {
	c := simulated(func(r *http.Request) *http.Response {
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetParameters") {
			return nil
		}
		return answer(200, `{"InvalidParameters":["all of them"],"Parameters":[]}`)
	})
	ask := observe.Question{Environment: "prod", Cluster: "shop", Groups: []observe.Group{{Name: "a", Family: "al2", Arch: "arm64"}}}
	_, _, err := observe.All(context.Background(), c, ask)
	if err == nil || !strings.Contains(err.Error(), "group a") || !strings.Contains(err.Error(), "/aws/service/ecs/optimized-ami/amazon-linux-2/arm64/recommended") {
		t.Errorf("the error is %v", err)
	}
	ask.Groups[0].AMI = "ami-00000000000000001" // a given image needs no recommendation
	if _, _, err := observe.All(context.Background(), c, ask); err != nil {
		t.Error(err)
	}
}

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Body: io.NopCloser(bytes.NewBufferString(body)),
	}
}

func TestRangesOfSubnetsThatStandAreFactsWhereTheFileLeavesThemOpen(t *testing.T) {
	c := simulated(pass)
	tags := func(kind types.ResourceType, k model.Key) []types.TagSpecification {
		s := types.TagSpecification{ResourceType: kind}
		for _, t := range (model.Scope{Environment: "prod", Cluster: "shop"}).Tags(k) {
			s.Tags = append(s.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
		}
		return []types.TagSpecification{s}
	}
	vpc := made(t, c.EC2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: tags("vpc", model.VPCKey())})
	k := model.SubnetKey(model.Private, "eu-west-1a")
	made(t, c.EC2.CreateSubnet, &ec2.CreateSubnetInput{
		VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.0.7.0/24"), AvailabilityZone: aws.String("eu-west-1a"), TagSpecifications: tags("subnet", k),
	})
	facts := factsOf(t, c, observe.Question{OpenCIDRs: true})
	if len(facts.Subnets) != 1 || facts.Subnets[k] != "10.0.7.0/24" {
		t.Errorf("subnets %v", facts.Subnets)
	}
}
