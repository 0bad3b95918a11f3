package wire

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecsschemas "github.com/aws/aws-sdk-go-v2/service/ecs/schemas"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// ECS API reference, Service and Resource: AWS's own examples hold "pendingCount": 0 and "doubleValue": 0.0.
func TestZerosThatCannotBeAbsentAreWritten(t *testing.T) {
	c, p := newCodec(), schemaProtocol(JSON11, ecsschemas.AmazonEC2ContainerServiceV20141113)
	for _, x := range []struct {
		out  any
		want string
	}{
		{
			&ecs.DescribeServicesOutput{Services: []types.Service{{ServiceName: aws.String("web"), RunningCount: 2}}},
			`{"services":[{"serviceName":"web","runningCount":2,"desiredCount":0,"enableECSManagedTags":false,"enableExecuteCommand":false,"pendingCount":0}]}`,
		},
		{
			&ecs.DescribeContainerInstancesOutput{ContainerInstances: []types.ContainerInstance{{
				RegisteredResources: []types.Resource{{Name: aws.String("CPU"), IntegerValue: 2048}},
			}}},
			`{"containerInstances":[{"registeredResources":[{"name":"CPU","integerValue":2048,"doubleValue":0,"longValue":0}],
			"agentConnected":false,"pendingTasksCount":0,"runningTasksCount":0,"version":0}]}`,
		},
		{&ecs.DeleteClusterOutput{}, `{}`},
	} {
		b, err := encodeSchema(p, c.whole(x.out))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := canonical(t, b), canonical(t, []byte(x.want)); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

// canonical is JSON with its members in order of name.
func canonical(t *testing.T, b []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
