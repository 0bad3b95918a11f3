package dst

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/deploy"
	"berth/internal/sim/world"
)

func TestARollbackPassesOverWhatCannotBeRunAgain(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(4)
	fine(t, r.Apply(c))
	for n := range 3 {
		fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: fmt.Sprintf("nginx:%d", n+1), service: alone})))
	}
	_, err := standOf(t, r).ecs.DeregisterTaskDefinition(t.Context(), &ecs.DeregisterTaskDefinitionInput{TaskDefinition: new("web:2")})
	fine(t, err)
	fine(t, done(deploy.Succeeded)(r.Rollback(t, c, "web")))
	if got := r.deployments(); !strings.Contains(got, "web:1, ") {
		t.Errorf("it went back to something else:\n%s", got)
	}
}

func TestAJobWhoseAnswersAreLostRunsOnce(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(5)
	fine(t, r.Apply(c))
	lost := 0
	r.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(q *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(q)
			if strings.HasSuffix(q.Header.Get("X-Amz-Target"), ".RunTask") && lost < 7 && err == nil { // more than one call is tried
				lost++
				return nil, fmt.Errorf("the connection broke off")
			}
			return resp, err
		})
	}
	job := `{"containerDefinitions": [{"name": "job", "image": "berth.sim/job:1?once=1s", "memory": 64}]}`
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "job", release{definition: job})))
	ran := 0
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			for task := range k.Tasks.Rows() {
				if strings.HasSuffix(task.Group, ":job") {
					ran++
				}
			}
		}
	})
	if lost < 7 || ran != 1 {
		t.Errorf("%d answers were lost, and the job ran %d times", lost, ran)
	}
}
