package sim

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"berth/internal/sim/ec2/outage"
	"berth/internal/sim/iam"
	"berth/internal/sim/scenario"
	"berth/internal/sim/secrets"
	"berth/internal/sim/ssm"
	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// saidLater is the event of a sentence whose time has come; its Arg is the sentence.
const saidLater world.Kind = "sim.said"

// Play does what a scenario says: at once, or when its time has come. The region is the one that sentences about things of a
// region are about; empty: the only region in which there is anything, else the default one. A sentence that means nothing in
// this world (a zone that is none) is an error when it is for now, and a broken promise when its time comes.
func (s *Sim) Play(region string, steps []scenario.Step) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	region = cmp.Or(region, s.inhabited())
	s.dirty = true
	for _, step := range steps {
		if step.At > 0 {
			s.world.Schedule(step.At, world.Event{Kind: saidLater, Region: region, Arg: step.Text})
			continue
		}
		if err := do(s.world, region, step.Text, step.Sentence); err != nil {
			return err
		}
	}
	s.world.Settle()
	s.attend()
	return nil
}

// inhabited is the region that has a cluster or a VPC; the default one when none has, or several have.
func (s *Sim) inhabited() string {
	found := ""
	for name, r := range s.world.Regions.All() {
		if r.ECS.Clusters.Len()+r.EC2.VPCs.Len() == 0 {
			continue
		}
		if found != "" {
			return DefaultRegion
		}
		found = name
	}
	return cmp.Or(found, DefaultRegion)
}

// said does what a sentence says whose time has come.
func said(w *world.World, e world.Event) {
	sentence, err := scenario.Parse(e.Arg)
	if err == nil {
		err = do(w, e.Region, e.Arg, sentence)
	}
	if err != nil {
		w.Promises = append(w.Promises, world.Promise{Region: e.Region, Text: e.Arg, From: w.Now(), Once: true, Kept: true, Broken: err.Error(), At: w.Now()})
	}
}

// do does what a sentence says.
func do(w *world.World, region, text string, s scenario.Sentence) error {
	if strings.HasPrefix(s.Form, "assert ") {
		p, err := promise(w, region, text, s)
		if err == nil {
			w.Promises = append(w.Promises, p)
		}
		return err
	}
	f, ok := deeds()[s.Form]
	if !ok {
		return fmt.Errorf("nobody here can do this: %s", s.Form)
	}
	return f(w, w.Region(region), s)
}

// deed does what sentences of one form say.
type deed func(w *world.World, r *world.Region, s scenario.Sentence) error

// deeds are what is done, by the form of the sentence.
func deeds() map[string]deed {
	return map[string]deed{
		"throttle CALL [for TIME] [COUNT times]":                                       trouble(world.Throttle),
		"break CALL [for TIME] [COUNT times]":                                          trouble(world.Break),
		"lose requests of CALL [for TIME] [COUNT times]":                               trouble(world.LoseRequest),
		"lose answers of CALL [for TIME] [COUNT times]":                                trouble(world.LoseAnswer),
		"stale reads of CALL [for TIME] [COUNT times]":                                 trouble(world.StaleRead),
		"refuse CALL with CODE [saying TEXT] [status NUMBER] [for TIME] [COUNT times]": trouble(world.Refuse),
		"heal calls":                              heal,
		"weather WORD":                            setWeather,
		"quota CODE is NUMBER":                    setQuota,
		"no capacity in ZONE [for TIME]":          shortage,
		"no capacity for TYPE in ZONE [for TIME]": shortage,
		"no capacity for TYPE [for TIME]":         shortage,
		"zone ZONE down [for TIME]":               ofZone(func(zone string) world.Disruption { return outage.Power(zone, false) }),
		"zone ZONE cut off [for TIME]":            ofZone(outage.Network),
		"interrupt spot instance INSTANCE":        interruptOne,
		"interrupt spot instances in ZONE":        interruptZone,
		"instance INSTANCE impaired [for TIME]":   ofInstance(outage.Impaired),
		"terminate instance INSTANCE":             ofInstance(outage.Terminated),
		"agent of INSTANCE gone [for TIME]":       ofInstance(outage.Agent),
		"image AMI never boots [for TIME]":        ofImage(outage.DeadImage),
		"image AMI never registers [for TIME]":    ofImage(outage.SilentImage),
		"pulls of IMAGE fail as HOW [for TIME]":   failPulls,
		"secret ARN exists":                       keepSecret,
		"parameter NAME exists":                   keepParameter,
		"role ARN exists":                         keepRole,
		"heal outages":                            healOutages,
		"offer COUNT requests per second to NAME": offer,
	}
}

// trouble lets calls go wrong.
func trouble(f world.Fault) deed {
	return func(w *world.World, _ *world.Region, s scenario.Sentence) error {
		w.Troubles = append(w.Troubles, world.Trouble{
			Call: s.Words["CALL"], Fault: f, Until: ends(w, s), Times: s.Count(),
			Code: s.Words["CODE"], Message: s.Words["TEXT"], Status: int(s.Number()),
		})
		return nil
	}
}

// ends is when what a sentence says is over; the zero time: never.
func ends(w *world.World, s scenario.Sentence) time.Time {
	if !s.Has("TIME") {
		return time.Time{}
	}
	return w.Now().Add(s.Time())
}

func heal(w *world.World, _ *world.Region, _ scenario.Sentence) error {
	w.Troubles, w.Weather = nil, world.Weather{}
	return nil
}

// weathers are the kinds of weather that have a name.
func weathers(name string) world.Weather {
	switch name {
	case "rough":
		return world.Weather{Throttle: 0.02, Break: 0.005, LoseRequest: 0.005, LoseAnswer: 0.005, Stale: 0.01}
	case "storm":
		return world.Weather{Throttle: 0.04, Break: 0.03, LoseRequest: 0.02, LoseAnswer: 0.03, Stale: 0.05}
	}
	return world.Weather{}
}

func setWeather(w *world.World, _ *world.Region, s scenario.Sentence) error {
	w.Weather = weathers(s.Words["WORD"])
	return nil
}

func setQuota(_ *world.World, r *world.Region, s scenario.Sentence) error {
	if r.Quotas == nil {
		r.Quotas = map[string]int{}
	}
	r.Quotas[s.Words["CODE"]] = int(s.Number())
	return nil
}

func offer(w *world.World, r *world.Region, s scenario.Sentence) error {
	return traffic.Offer(w, r, s.Words["NAME"], int64(s.Count()))
}

// keepParameter lets a parameter be there.
func keepParameter(w *world.World, r *world.Region, s scenario.Sentence) error {
	return ssm.Keep(w, r.Name, s.Words["NAME"])
}

// keepRole lets a role be there.
func keepRole(w *world.World, _ *world.Region, s scenario.Sentence) error {
	return iam.Keep(w, s.Words["ARN"])
}

// keepSecret lets a secret be there.
func keepSecret(w *world.World, _ *world.Region, s scenario.Sentence) error {
	return secrets.Keep(w, s.Words["ARN"])
}
