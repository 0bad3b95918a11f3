package config

import (
	"maps"

	"berth/internal/config/tfvars"
)

// build checks the values and puts the Config together. After a fault the Config is only good for finding more faults.
func build(s settings) *Config {
	c := &Config{where: map[string]tfvars.Origin{}}
	s.identity(c)
	s.existing(c)
	s.vpc(c)
	s.balancers(c)
	s.network(c)
	if c.Existing == nil {
		s.endpoints(c)
		s.flowLogs(c)
	}
	s.groups(c)
	s.containers(c)
	s.registries(c)
	s.logs(c)
	s.alerts(c)
	c.Tags = s.tags()
	c.Protect = s.truth("protect")
	c.ParameterPrefix = s.parameterPrefix()
	c.Deployer = s.deployer(c.Region)
	maps.Copy(c.where, s.places())
	s.idlePurchases(c)
	s.spotless(c)
	return c
}

// places maps the path of every value, nested ones too, to where it was written.
func (s settings) places() map[string]tfvars.Origin {
	out := map[string]tfvars.Origin{}
	for name, v := range s.values { // unordered: fills a map
		v.Named(s.join(name)).Walk(func(v tfvars.Value) { out[v.Path] = v.At })
	}
	return out
}
