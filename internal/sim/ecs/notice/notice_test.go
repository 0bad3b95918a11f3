package notice

import (
	"encoding/json"
	"testing"
	"time"

	"berth/internal/sim/world"
)

// said runs f in a world that listens, and gives what it says.
func said(t *testing.T, f func(*world.World, *world.Region)) []string {
	t.Helper()
	w := world.New(1)
	r := w.Region("eu-west-1")
	r.Events.Rules.Put("default/all", &world.EventRule{Name: "all", Bus: "default"})
	var out []string
	w.Attach(world.Handlers{world.Emitted: {func(_ *world.World, e world.Event) {
		var m struct {
			Type   string          `json:"detail-type"`
			Detail json.RawMessage `json:"detail"`
		}
		if err := json.Unmarshal([]byte(e.Arg), &m); err != nil {
			t.Error(err)
		}
		out = append(out, m.Type+" "+string(m.Detail))
	}}}, nil)
	f(w, r)
	w.Advance(2 * time.Second)
	return out
}

func service() *world.Service {
	return &world.Service{Name: "web", ARN: "arn:aws:ecs:eu-west-1:123456789012:service/shop/web", Cluster: "shop", Strategy: []world.StrategyItem{{Provider: "p"}}}
}

const cluster = `"clusterArn":"arn:aws:ecs:eu-west-1:123456789012:cluster/shop","createdAt":"2026-11-02T09:00:00.000Z"`

// The reasons of the ECS developer guide, "Amazon ECS service action events".
func TestSentencesOfServicesHaveTheirEvents(t *testing.T) {
	const closest = "(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 1) "
	tests := map[string]string{
		"(service web) has reached a steady state.":                            `ECS Service Action {` + cluster + `,"eventName":"SERVICE_STEADY_STATE","eventType":"INFO"}`,
		"(service web) is unable to consistently start tasks successfully. Fo": `ECS Service Action {` + impaired + `,"eventName":"SERVICE_TASK_START_IMPAIRED","eventType":"WARN"}`,
		closest + "has insufficient CPU units available.":                      placement("RESOURCE:CPU"),
		closest + "has insufficient memory available.":                         placement("RESOURCE:MEMORY"),
		closest + "is already using a port required by your task.":             placement("RESOURCE:PORTS"),
		closest + `encountered error "AGENT".`:                                 placement("AGENT"),
		closest + "is missing an attribute required by your task.":             placement("ATTRIBUTE"),
		closest + "is odd.": placement("OTHER"),
		"(service web) was unable to place a task because. Reason: No Container Instances were found in your cluster.":           placement("NO ACTIVE INSTANCES"),
		"(service web) was unable to place a task because. Reason: No Container Instances were found in your capacity provider.": placement("EMPTY CAPACITY PROVIDER"),
		"(service web) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.":    "",
		"(service web) has started 1 tasks: (task 1).": "",
	}
	for sentence, want := range tests {
		got := said(t, func(w *world.World, r *world.Region) { Said(w, r, service(), sentence) })
		if want == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s\n got %v\nwant %s", sentence, got, want)
		}
	}
}

const impaired = `"capacityProviderArns":["arn:aws:ecs:eu-west-1:123456789012:capacity-provider/p"],` + cluster

func placement(reason string) string {
	return `ECS Service Action {` + impaired + `,"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"` + reason + `"}`
}

// ECS developer guide, "Amazon ECS service deployment state change events".
func TestDeploymentsSayTheirState(t *testing.T) {
	for state, kind := range map[string]string{DeploymentInProgress: "INFO", DeploymentCompleted: "INFO", DeploymentFailed: "ERROR"} {
		got := said(t, func(w *world.World, r *world.Region) { Deployment(w, r, service(), Turn{"ecs-svc/1", state, "why"}) })
		want := `ECS Deployment State Change {"deploymentId":"ecs-svc/1","eventName":"` + state + `","eventType":"` + kind + `","reason":"why","updatedAt":"2026-11-02T09:00:00.000Z"}`
		if len(got) != 1 || got[0] != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
}
