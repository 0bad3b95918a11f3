package services

import (
	"encoding/json"
	"time"

	"berth/internal/overview"
	"berth/internal/render/ink"
)

// version counts the incompatible changes of the JSON.
const version = 1

type screen struct {
	Version  int       `json:"version"`
	At       time.Time `json:"at"`
	Cluster  string    `json:"cluster"`
	Region   string    `json:"region"`
	Services any       `json:"services"`
	Missing  []string  `json:"missing"`
}

// JSON is all services for programs.
func (v View) JSON() ([]byte, error) { return v.around(ForPrograms(v.Services)) }

// DetailJSON is one service for programs: the only one of the list.
func (v View) DetailJSON(d overview.Detail) ([]byte, error) {
	d.Service = clean(d.Service)
	for i := range d.Events {
		d.Events[i].Text = ink.Clean(d.Events[i].Text)
	}
	for i := range d.Revisions {
		d.Revisions[i].Reason = ink.Clean(d.Revisions[i].Reason)
	}
	for i := range d.Deployments {
		d.Deployments[i].Reason, d.Deployments[i].Why = ink.Clean(d.Deployments[i].Reason), ink.Clean(d.Deployments[i].Why)
	}
	for i := range d.Diagnoses {
		one := &d.Diagnoses[i]
		one.Text, one.Fix, one.Subject = ink.Clean(one.Text), ink.Clean(one.Fix), ink.Clean(one.Subject)
		for n := range one.Evidence {
			one.Evidence[n] = ink.Clean(one.Evidence[n])
		}
	}
	return v.around([]overview.Detail{d})
}

func (v View) around(services any) ([]byte, error) {
	missing := []string{}
	for _, m := range v.Missing {
		missing = append(missing, ink.Clean(m))
	}
	return json.MarshalIndent(screen{Version: version, At: v.At.UTC(), Cluster: v.Cluster, Region: v.Region, Services: services, Missing: missing}, "", "  ")
}

// ForPrograms are services without what could steer a terminal: somebody will print them.
func ForPrograms(all []overview.Service) []overview.Service {
	out := []overview.Service{}
	for _, sv := range all {
		out = append(out, clean(sv))
	}
	return out
}

func clean(sv overview.Service) overview.Service {
	sv.Deployment.Reason = ink.Clean(sv.Deployment.Reason)
	if sv.Trouble != nil {
		sv.Trouble = &overview.Trouble{Code: sv.Trouble.Code, Text: ink.Clean(sv.Trouble.Text)}
	}
	losses := make([]overview.Loss, len(sv.Loss))
	for i, l := range sv.Loss {
		l.Missing = ink.Clean(l.Missing)
		losses[i] = l
	}
	sv.Loss = losses
	return sv
}
