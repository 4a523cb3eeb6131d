// Measures each operation, or those whose names begin with an argument.
for operation in Operation.all {
  let prefixes = CommandLine.arguments.dropFirst()
  if prefixes.isEmpty || prefixes.contains(where: operation.name.hasPrefix) { operation.measure() }
}
