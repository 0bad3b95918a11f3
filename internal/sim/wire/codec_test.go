package wire

import (
	"encoding/xml"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"pgregory.net/rapid"
)

// decodeForm reads a query string into an input.
func decodeForm[T any](t *testing.T, query string) *T {
	t.Helper()
	form, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	root, err := formTree(form)
	if err != nil {
		t.Fatal(err)
	}
	in := new(T)
	if err := newCodec().decoder(reflect.TypeFor[T]()).fill(root, reflect.ValueOf(in).Elem()); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestListsInAFormAreOrderedByNumber(t *testing.T) {
	in := decodeForm[ec2.DescribeInstancesInput](t, "InstanceId.10=c&InstanceId.2=b&InstanceId.1=a&Filter.7.Name=n&Filter.7.Value.1=v&Unknown.1.X=y")
	want := &ec2.DescribeInstancesInput{
		InstanceIds: []string{"a", "b", "c"},
		Filters:     []types.Filter{{Name: aws.String("n"), Values: []string{"v"}}},
	}
	if !reflect.DeepEqual(in, want) {
		t.Errorf("%+v", in)
	}
}

func TestAListInAFormMayHaveNoNumberOrNoElement(t *testing.T) {
	one := decodeForm[ec2.DescribeInstancesInput](t, "InstanceId=a")
	if !reflect.DeepEqual(one.InstanceIds, []string{"a"}) {
		t.Errorf("one: %v", one.InstanceIds)
	}
	none := decodeForm[ec2.DescribeInstancesInput](t, "InstanceId=")
	if none.InstanceIds == nil || len(none.InstanceIds) != 0 {
		t.Errorf("none: %#v", none.InstanceIds)
	}
	group := decodeForm[autoscaling.CreateAutoScalingGroupInput](t, "LoadBalancerNames=")
	if group.LoadBalancerNames == nil || len(group.LoadBalancerNames) != 0 {
		t.Errorf("none, wrapped: %#v", group.LoadBalancerNames)
	}
}

func TestTimesInAFormMayHaveAnyZone(t *testing.T) {
	in := decodeForm[autoscaling.PutScheduledUpdateGroupActionInput](t, "StartTime=2026-01-02T03:04:05.678%2B01:00")
	if want := time.Date(2026, 1, 2, 2, 4, 5, 678e6, time.UTC); !in.StartTime.Equal(want) {
		t.Errorf("%v", in.StartTime)
	}
}

func TestEmptyListsAndTextsAreWrittenAndUnsetOnesAreNot(t *testing.T) {
	vpc := reflect.ValueOf(types.Vpc{VpcId: aws.String(""), Tags: []types.Tag{}})
	got := string(newCodec().encoder(vpc.Type()).members(nil, vpc))
	if want := "<tagSet></tagSet><vpcId></vpcId>"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestEveryTextIsWellFormedXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("<>&\"'\r\n\t\x00\x1f\uFFFD\uFFFE]"))),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		var got struct {
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal(appendElement(nil, "a", text), &got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if want := carried(text); got.Text != want {
			t.Fatalf("%q became %q, want %q", text, got.Text, want)
		}
	})
}

// carried is a text with U+FFFD for what XML can't carry.
func carried(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, text)
}

// decodeText reads a JSON text into an input.
func decodeText[T any](text string) (*T, error) {
	in := new(T)
	return in, newCodec().decodeJSON([]byte(text), reflect.ValueOf(in).Elem())
}

func TestJSONNamesMayHaveAnyCaseAndNullsAreNothing(t *testing.T) {
	in, err := decodeText[ecs.CreateServiceInput](`{"SERVICENAME":"api","serviceConnectConfiguration":null,"desiredCount":6,
		"unknown":{"a":[1,{"b":"]}"}]},"tags":[{"key":"a","value":null},null],"launchType":"EC2"}`)
	want := &ecs.CreateServiceInput{
		ServiceName: aws.String("api"), DesiredCount: aws.Int32(6), LaunchType: ecstypes.LaunchTypeEc2,
		Tags: []ecstypes.Tag{{Key: aws.String("a")}, {}},
	}
	if err != nil || !reflect.DeepEqual(in, want) {
		t.Errorf("%v, %+v", err, in)
	}
}

func TestJSONThatDoesNotFitIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                           "[ where { should be",
		`{"desiredCount":"6"}`:         "desiredCount: 6 is no number",
		`{"desiredCount":1.5}`:         `desiredCount: "1.5" is no integer`,
		`{"desiredCount":99999999999}`: "is no integer",
		`{"serviceName":5}`:            "serviceName: 5 is no string",
		`{"enableECSManagedTags":1}`:   "enableECSManagedTags: 1 is no boolean",
		`{"tags":{}}`:                  "tags: { where [ should be",
		`{"tags":[{"key":[]}]}`:        "tags: key: [ is no string",
		`{"tags":[`:                    "EOF",
		`{"a":1} {}`:                   "there is more after the object",
		strings.Repeat("[", 100):       "[ where { should be",
	} {
		if _, err := decodeText[ecs.CreateServiceInput](text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestJSONOfATypeThatContainsItselfMayNotNestForEver(t *testing.T) {
	text := func(n int) string { return `{"Filters":[],"Aggregators":` + aggregators(n) + `}` }
	if _, err := decodeText[ssm.GetInventoryInput](text(20)); err != nil {
		t.Errorf("20 levels: %v", err)
	}
	if _, err := decodeText[ssm.GetInventoryInput](text(40)); err == nil {
		t.Error("40 levels of two each were read")
	}
}

// aggregators nests SSM's inventory aggregators, a type that contains itself.
func aggregators(n int) string {
	return strings.Repeat(`[{"Aggregators":`, n) + "[]" + strings.Repeat("}]", n)
}

func TestJSONTimesAreSecondsWithMilliseconds(t *testing.T) {
	in, err := decodeText[ecs.SubmitTaskStateChangeInput](`{"executionStoppedAt":1700000000.123}`)
	if err != nil || !in.ExecutionStoppedAt.Equal(time.UnixMilli(1_700_000_000_123)) {
		t.Errorf("%v, %v", err, in.ExecutionStoppedAt)
	}
	if _, err := decodeText[ecs.SubmitTaskStateChangeInput](`{"executionStoppedAt":1e300}`); err == nil {
		t.Error("1e300 seconds were read as a time")
	}
}

func TestUnionsAreRefused(t *testing.T) {
	if _, err := decodeText[ecs.CreateGatewayInput](`{"configuration":{"x":{}}}`); err == nil || !strings.Contains(err.Error(), "can't be read") {
		t.Errorf("got %v", err)
	}
}

func TestATypeTheTableDoesNotKnowHasNoFields(t *testing.T) {
	type stranger struct{ A, B string }
	v := reflect.ValueOf(stranger{"a", "b"})
	if got := newCodec().encoder(v.Type()).members(nil, v); len(got) != 0 {
		t.Errorf("%s", got)
	}
}
