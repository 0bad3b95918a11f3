package notice

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestADetailIsAnAnswerWithSmallNamesAndWithoutWhatIsNotSet(t *testing.T) {
	at := time.Date(2026, 11, 2, 10, 0, 0, 1500000, time.FixedZone("CET", 3600))
	task := types.Task{
		TaskArn: new("arn:t"), Group: new(""), CreatedAt: &at, Version: 3, Connectivity: types.ConnectivityConnected, Attributes: []types.Attribute{},
		Containers: []types.Container{{Name: new("web"), ExitCode: new(int32(0)), GpuIds: []string{"0"}}},
		Overrides:  &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{{Environment: []types.KeyValuePair{{Name: new("A"), Value: new("b")}}}}},
	}
	b, err := json.Marshal(detail(task))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"attributes":[],"connectivity":"CONNECTED",` +
		`"containers":[{"exitCode":0,"gpuIds":["0"],"name":"web"}],"createdAt":"2026-11-02T09:00:00.001Z","enableExecuteCommand":false,` +
		`"overrides":{"containerOverrides":[{"environment":[{"name":"A","value":"b"}]}]},"taskArn":"arn:t","version":3}`
	if string(b) != want {
		t.Errorf("%s\nwant %s", b, want)
	}
}
