package dst

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"berth/internal/sim/world"
)

// failing lets the first calls of an EC2 operation never arrive.
func failing(operation string, times int) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Body == nil {
				return next.RoundTrip(r)
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			if times > 0 && bytes.Contains(body, []byte("Action="+operation+"&")) {
				times--
				return nil, io.ErrUnexpectedEOF
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			return next.RoundTrip(r)
		})
	}
}

func TestACreateThatStopsHalfWayIsFinishedInTheSameRunAndNotMadeTwice(t *testing.T) {
	c := Load(t, small)
	for _, operation := range []string{"ModifyVpcAttribute", "AttachInternetGateway", "AuthorizeSecurityGroupIngress", "AssociateRouteTable"} {
		t.Run(operation, func(t *testing.T) {
			r := NewRig(1)
			r.Hook = failing(operation, 7) // more often than one call is repeated
			if err := r.Apply(c); err != nil {
				t.Fatal(err)
			}
			r.Hook = nil
			r.Settle()
			r.Agrees(t, c, "after the one run")
			r.Sim.With(func(w *world.World) {
				if n := w.Region("eu-west-1").EC2.VPCs.Len(); n != 1 {
					t.Errorf("there are %d VPCs", n)
				}
			})
		})
	}
}
