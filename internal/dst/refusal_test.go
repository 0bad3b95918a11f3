package dst

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/drive"
	"berth/internal/permit"
	"berth/internal/sim/access"
	"berth/internal/sim/world"
)

// spare are the statements that an apply from nothing gets along without, and why.
func spare() map[string]string {
	return map[string]string{
		"OwnWithoutKey":   "for what has lost its key",
		"KeyWithoutKey":   "for a key of KMS that has lost its key",
		"LogGroupsBefore": "for log groups of another prefix",
		"AgentConfig":     "all of the bucket may be read under the lock",
		"AlertQueues":     "the queue of others is not there",
	}
}

// A policy that lacks one statement is refused with the name of that statement, whichever it is.
func TestARefusalNamesTheStatementThatIsMissing(t *testing.T) {
	t.Parallel()
	texts := []string{small}
	for _, f := range features(t) {
		if slices.Contains([]string{"alerts", "closed", "key-pair", "registries"}, f.name) {
			texts = append(texts, f.text)
		}
	}
	c := Load(t, texts...)
	of := privilege.Cluster(c, world.Account)
	whole, _ := permit.Policy("apply", of)
	for i, s := range whole.Statement {
		t.Run(s.Sid, func(t *testing.T) {
			lacking := permit.Document{Version: whole.Version, Statement: slices.Delete(slices.Clone(whole.Statement), i, i+1)}
			p, err := access.New(lacking.JSON())
			fine(t, err)
			r := NewRig(1)
			cluster, who := r.run(c, r.Sim.Under(p))
			err = carryOut(drive.Job{Cluster: cluster, Who: who, Again: cluster.Survey})
			if err == nil {
				_, err = cluster.Survey(t.Context()) // as apply does in the end
			}
			if why := spare()[s.Sid]; why != "" {
				if err != nil && denied(err) {
					t.Errorf("it was needed after all (%s): %v", why, err)
				}
				return
			}
			if err == nil {
				t.Fatal("nothing needs it")
			}
			told := problem.Of(t.Context(), firstDenied(err), problem.Place{Verb: "apply", Region: c.Region, Cluster: of})
			if told.Code != "AWS002" || !strings.Contains(told.Hints[0], s.Sid) { // of a change that fails only the first hint is shown
				t.Errorf("the hints do not name it: %s %s\n%s", told.Code, told.Text, strings.Join(told.Hints, "\n"))
			}
		})
	}
}

// firstDenied is the first error of several that is a refusal; else the first.
func firstDenied(err error) error {
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) {
		return err
	}
	list := all.Unwrap()
	if i := slices.IndexFunc(list, denied); i >= 0 {
		return list[i]
	}
	return list[0]
}
