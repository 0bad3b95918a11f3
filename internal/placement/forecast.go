package placement

// Forecast is where the tasks of a service would come, and what a lost zone would leave of them.
type Forecast struct {
	Demand   Demand
	Site     Site // that they land on
	Standing int  // tasks of the service that are there already and are to stay
	Landings []Landing
	Loss     []ZoneLoss
}

// Foresee lands n tasks and loses each zone in turn.
func Foresee(d Demand, n int, s Site) Forecast {
	all := Land(d, n, s)
	return Forecast{Demand: d, Site: s, Standing: len(s.peersOf(d.Group)), Landings: all, Loss: Loss(d, all, s)}
}

// Strategies are those that decide: the demand's, or ECS's own, of which own tells.
func (d Demand) Strategies() (all []Strategy, own bool) {
	return d.strategy(), len(d.Strategy) == 0
}
