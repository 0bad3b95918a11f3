package quota_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/quota"
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

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Body: io.NopCloser(bytes.NewBufferString(body)),
	}
}

func TestQuotasAreLimitAndUseOfWhatIsDemanded(t *testing.T) {
	c := simulated(pass)
	for range 2 {
		made(t, c.EC2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		made(t, c.EC2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{})
	}
	made(t, c.EC2.AllocateAddress, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})
	vpc := made(t, c.EC2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")}).Vpc
	subnet := made(t, c.EC2.CreateSubnet, &ec2.CreateSubnetInput{VpcId: vpc.VpcId, CidrBlock: aws.String("10.1.0.0/24")}).Subnet
	made(t, c.Classic.CreateLoadBalancer, &elasticloadbalancing.CreateLoadBalancerInput{
		LoadBalancerName: aws.String("one"), Subnets: []string{*subnet.SubnetId}, Scheme: aws.String("internal"),
		Listeners: []elbtypes.Listener{{Protocol: aws.String("TCP"), LoadBalancerPort: 80, InstancePort: aws.Int32(80)}},
	})
	got, err := quota.Read(context.Background(), c, map[string]int{
		"L-F678F1CE": 1, "L-A4707A72": 1, "L-0263D0A3": 2, "L-53DA6B97": 1, "L-E9E9831D": 1, "L-UNKNOWN": 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]model.Quota{
		"L-F678F1CE": {Code: "L-F678F1CE", Name: "VPCs per Region", Limit: 5, Used: 3},
		"L-A4707A72": {Code: "L-A4707A72", Name: "Internet gateways per Region", Limit: 5, Used: 2},
		"L-0263D0A3": {Code: "L-0263D0A3", Name: "EC2-VPC Elastic IPs", Limit: 5, Used: 1},
		"L-53DA6B97": {Code: "L-53DA6B97", Name: "Application Load Balancers per Region", Limit: 50},
		"L-E9E9831D": {Code: "L-E9E9831D", Name: "Classic Load Balancers per Region", Limit: 20, Used: 1},
	} {
		if got[code] != want {
			t.Errorf("%+v, not %+v", got[code], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d quotas", len(got))
	}
}

func TestAQuotaWithoutAValueOfItsOwnHasAWSsDefault(t *testing.T) {
	calls := 0
	c := simulated(func(r *http.Request) *http.Response {
		calls++
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetServiceQuota") {
			return answer(400, `{"__type":"NoSuchResourceException","Message":"no value"}`)
		}
		return nil
	})
	got, err := quota.Read(context.Background(), c, map[string]int{"L-F678F1CE": 1, "L-0263D0A3": 0})
	if err != nil || got["L-F678F1CE"].Limit != 5 || len(got) != 1 {
		t.Errorf("%v %v", got, err)
	}
	if calls != 3 {
		t.Errorf("%d calls", calls)
	}
}
